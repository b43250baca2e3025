// harness/strategies/strategy.h: how a workload is run. A further strategy is one file and one line of the
// table; a further native kernel is a strategy by itself and stands in its workload's table.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "harness/embed/python.h"
#include "harness/workloads/workload.h"

namespace harness {

/// When a member ran native code, CLOCK_MONOTONIC; both 0 where it ran none.
struct NativeRegion {
  std::int64_t begin_ns = 0;
  std::int64_t end_ns = 0;
};

/// One member's part of one job.
struct Turn {
  const embed::Api& api;
  embed::ThreadState* thread;  ///< the calling thread's, detached
  embed::Call* call;           ///< the script's run() on `slice`; null where the strategy runs no script
  const Job& job;
  std::size_t kernel;  ///< which of the workload's kernels
  Slice slice;
  int threads;  ///< of the experiment; the kernel's own where one member runs the whole job
  NativeRegion& native;
};

/// Which threads run an experiment of this strategy.
enum class Crew {
  one,     ///< threads:1 only
  team,    ///< every thread count, the job split over as many members
  kernel,  ///< every thread count, one caller that hands the whole job to a kernel's own threads
};

struct Strategy {
  std::string_view name;
  Crew crew;
  bool runs_script;
  std::size_t kernel;             ///< index into Workload::kernels, where it runs one
  std::string_view variant = "";  ///< KernelInfo's, as is the next
  bool from_user = false;
  ScriptInfo script = {};  ///< what it runs instead of the workload's own script; without a name, that one
  /// Begins and ends detached; what it does in between is what is timed.
  embed::Integer (*run)(const Turn&);

  bool native() const { return !runs_script || script.native; }
};

/// The table: the strategies that every workload with a script has, then each of its kernels after
/// Py_BEGIN_ALLOW_THREADS.
std::vector<Strategy> strategies_of(const Workload& workload);

/// Runs the turn's kernel with `threads` threads and notes when.
embed::Integer run_kernel(const Turn& turn, int threads);

/// Attached while the script's slice runs.
embed::Integer run_script(const Turn& turn);
/// Attached while the kernel runs on the slice: native code that forgets to release the GIL.
embed::Integer run_kernel_gil_held(const Turn& turn);
/// Attached, then detached by Py_BEGIN_ALLOW_THREADS while the kernel runs.
embed::Integer run_kernel_released(const Turn& turn);

}  // namespace harness
