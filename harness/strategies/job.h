// harness/strategies/job.h: a workload made ready to run.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "harness/embed/api.h"
#include "harness/team/slice.h"

namespace harness {

/// Native code of a workload: runs a slice with `threads` threads of its own and returns its result. `data`
/// is the job's.
using KernelFunction = std::function<embed::Integer(void* data, Slice slice, int threads)>;

/// A workload's data, its reference, and how a strategy gets at both. Slices may be run by several threads at
/// once; everything else is for one thread at a time.
struct Job {
  std::int64_t items = 0;  ///< the slices of a split are slices of [0, items)
  /// How many of them, from the first on, Python rows do: what they are compared by is items a second.
  std::int64_t script_items = 0;
  embed::Returns returns = embed::Returns::nothing;  ///< what the script's run() is to return for a slice
  std::vector<embed::Buffer> buffers = {};           ///< handed to run() before begin and end
  /// What its kernels read and write in memory, where that is what their time goes to.
  std::vector<std::span<const std::uint8_t>> traffic = {};
  /// What its kernels are handed, of the type that kernel() of kernel.h was given; null where it has none.
  std::shared_ptr<void> data = {};

  /// Forgets the output of what ran before, so that no strategy is credited with another's. Null: there is
  /// none.
  std::function<void()> clear = {};
  /// Compares what ran on the first `items` with the reference; `sum` is the sum of the slices' results. Says
  /// what is wrong, or "". Null: there is no reference.
  std::function<std::string(embed::Integer sum, std::int64_t items)> mismatch = {};
  /// The output as an image of that many pixels a row; null where it is none.
  std::function<std::span<const std::uint8_t>()> picture = {};
  std::int64_t picture_width = 0;
};

}  // namespace harness
