// harness/strategies/strategy.cpp: the table of strategies.
#include "harness/strategies/strategy.h"

#include "harness/gil_trace/clock.h"

namespace harness {
namespace {

constexpr std::size_t kNative = 0;  // the first of every workload's kernels is the serial one

}  // namespace

std::vector<Strategy> strategies_of(const Workload& workload) {
  std::vector<Strategy> strategies;
  if (workload.has_script) {
    strategies = {
        {.name = "python", .crew = Crew::one, .runs_script = true, .kernel = kNative, .run = run_script},
        {.name = "python_threads",
         .crew = Crew::team,
         .runs_script = true,
         .kernel = kNative,
         .run = run_script},
        {.name = "native_gil_held",
         .crew = Crew::team,
         .runs_script = false,
         .kernel = kNative,
         .run = run_kernel_gil_held}};
  }
  for (const ScriptInfo& script : workload.scripts) {
    strategies.push_back({.name = script.name,
                          .crew = script.native ? Crew::kernel : Crew::one,
                          .runs_script = true,
                          .kernel = kNative,
                          .script = script,
                          .run = run_script});
  }
  for (std::size_t kernel = 0; kernel < workload.kernels.size(); ++kernel) {
    strategies.push_back({.name = workload.kernels[kernel].name,
                          .crew = workload.kernels[kernel].parallel ? Crew::kernel : Crew::one,
                          .runs_script = false,
                          .kernel = kernel,
                          .variant = workload.kernels[kernel].variant,
                          .from_user = workload.kernels[kernel].from_user,
                          .run = run_kernel_released});
  }
  return strategies;
}

embed::Integer run_kernel(const Turn& turn, int threads) {
  turn.native.begin_ns = gil_trace::now_ns();
  const embed::Integer result = turn.job.run_kernel(turn.kernel, turn.slice, threads);
  turn.native.end_ns = gil_trace::now_ns();
  return result;
}

}  // namespace harness
