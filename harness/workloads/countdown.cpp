// harness/workloads/countdown.cpp: Demo 1 of the talk: a purely computational loop.
#include "kernels/countdown.h"

#include "harness/strategies/kernel.h"
#include "harness/strategies/ways.h"
#include "harness/workloads/workload.h"

namespace harness {
namespace {

constexpr const char* kSteps = "--countdown-steps";
constexpr std::int64_t kMaxSteps = 1'000'000'000'000;  // an hour and more in any strategy

KernelFunction counting(kernels::CountdownKernel count) {
  return [count](void*, Slice slice, int threads) -> embed::Integer {
    return count(slice.begin, slice.end, threads);
  };
}

std::vector<Strategy> countdown_strategies(const ParameterValues& /*values*/) {
  return baseline_ways_and(
      {native_gil_held(Memory::none, counting(kernels::countdown_native)),
       kernel({.name = "native", .summary = "native code after Py_BEGIN_ALLOW_THREADS, serial"},
              counting(kernels::countdown_native)),
       kernel({.name = "openmp", .summary = "the same with OpenMP's threads", .pool = Pool::openmp},
              counting(kernels::countdown_openmp))});
}

Job countdown_job(const JobInputs& inputs) {
  const std::int64_t steps = *inputs.values.integer(kSteps);
  return {.items = steps,
          .script_items = steps,
          .returns = embed::Returns::integer,
          .mismatch = [steps](embed::Integer sum, std::int64_t) -> std::string {
            if (sum == static_cast<embed::Integer>(steps)) return "";
            return "took " + to_string(sum) + " steps in all, not " + std::to_string(steps);
          }};
}

}  // namespace

Workload countdown() {
  return {.name = "countdown",
          .script = "countdown.py",
          .item_unit = "steps",
          .parameters = {{.flag = kSteps,
                          .value = "N",
                          .help = "Steps of countdown (default 10000000)",
                          .default_text = "10000000",
                          .range = IntegerRange{1, kMaxSteps},
                          .context_key = "countdown_steps",
                          .words = "countdown steps"}},
          .strategies = countdown_strategies,
          .make_job = countdown_job};
}

}  // namespace harness
