// harness/workloads/workload.h: what is computed. A further workload is one file and one line of the table.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/embed/api.h"
#include "harness/image/image.h"
#include "harness/team/slice.h"
#include "harness/workloads/user_kernel.h"

namespace harness {

/// A workload made ready to run: its data, its reference, and how a strategy gets at both. Slices may be run
/// by several threads at once; everything else is for one thread at a time.
struct Job {
  std::int64_t items;  ///< the slices of a split are slices of [0, items)
  /// How many of them, from the first on, Python rows do: what they are compared by is items a second.
  std::int64_t script_items;
  embed::Returns returns;              ///< what the script's run() is to return for a slice
  std::vector<embed::Buffer> buffers;  ///< handed to run() before begin and end
  /// What its kernels read and write in memory, where that is what their time goes to.
  std::vector<std::span<const std::uint8_t>> traffic;

  /// Runs native kernel `kernel` (an index into Workload::kernels) on a slice with `threads` threads.
  std::function<embed::Integer(std::size_t kernel, Slice slice, int threads)> run_kernel;

  /// Forgets the output of what ran before, so that no strategy is credited with another's.
  std::function<void()> clear;
  /// Compares what ran on the first `items` with the reference; `sum` is the sum of the slices' results. Says
  /// what is wrong, or "".
  std::function<std::string(embed::Integer sum, std::int64_t items)> mismatch;
  /// The output as an image of that many pixels a row, where it is one; empty otherwise.
  std::function<std::span<const std::uint8_t>()> picture;
  std::int64_t picture_width = 0;
};

/// A native twin of the script: a strategy of the workload, run after Py_BEGIN_ALLOW_THREADS.
struct KernelInfo {
  std::string_view name;  ///< the strategy's name; "native" is the serial one that native_gil_held splits
  bool parallel;          ///< takes any number of threads; a serial one runs with one only
  std::string_view variant = "";  ///< what tells several kernels of one name apart: "stores:ordinary"
  bool from_user = false;         ///< there only where the user names one
};

/// A further script of a workload: a strategy of it, too.
struct ScriptInfo {
  std::string_view name = "";  ///< the strategy's name
  std::string_view file =
      "";  ///< in the folder of scripts; of a .pyx, the extension module that is built from it
  std::string_view module = "";  ///< what it imports that is not Python's own; "" for nothing
  /// Native code: it gets the whole job, and as a further argument how many threads it may use.
  bool native = false;
  std::int64_t part = 1;  ///< one that is not native does this part of what Python rows do: it is that slow
};

/// A line of a workload's own table of native kernels: what all of them have, and the function.
template <typename Function>
struct Kernel {
  KernelInfo info;
  Function run;
};

template <typename Table>
std::vector<KernelInfo> infos_of(const Table& kernels) {
  std::vector<KernelInfo> infos;
  for (const auto& kernel : kernels) infos.push_back(kernel.info);
  return infos;
}

/// What the user chose of the work itself.
struct WorkloadOptions {
  std::int64_t countdown_steps;
  std::int64_t sum_n;
  std::int64_t python_pixels;  ///< what Python rows convert of a larger image, at most
  /// For kernels that choose their stores, see kernels::stores_for(). Absent: streaming_threshold_bytes() of
  /// a row's threads.
  std::optional<std::int64_t> streaming_above_bytes;
  std::shared_ptr<UserKernel> user_kernel = {};  ///< null where the user names none
  // Set before a Job of a workload of images is made:
  std::shared_ptr<const Image> image = {};
  /// A byte a pixel of it, which all its jobs write to: a kernel and its ceiling are compared, and memory
  /// that lies elsewhere may be faster or slower (with other sets of a cache, on pages of another size).
  std::shared_ptr<PixelBytes> gray = {};
};

struct Workload {
  std::string_view name;       ///< also its script's name, without ".py"
  std::string_view item_unit;  ///< what one item is, in the plural
  bool has_script;             ///< one without has its kernels for strategies and no other
  bool of_image;               ///< its job is an image, so each size is a row of its own
  std::int64_t bytes_of_item;  ///< what a kernel moves from and to memory for an item; 0: nothing to speak of
  std::vector<ScriptInfo> scripts;
  std::vector<KernelInfo> kernels;
  Job (*make_job)(const WorkloadOptions&);
};

/// The table, in the order of the report.
std::span<const Workload> all_workloads();

extern const Workload kCountdown;
extern const Workload kSumOfSquares;
extern const Workload kMemory;  ///< the ceilings of grayscale
extern const Workload kGrayscale;

/// Decimal digits of a 128-bit integer.
std::string to_string(embed::Integer value);

}  // namespace harness
