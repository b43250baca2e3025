// harness/workloads/sum_of_squares.cpp: Demo 2 of the talk: the sum of i*i, checked against the formula.
#include "kernels/sum_of_squares.h"

#include "harness/strategies/kernel.h"
#include "harness/strategies/ways.h"
#include "harness/workloads/workload.h"

namespace harness {
namespace {

constexpr const char* kN = "--sum-n";

KernelFunction summing(kernels::SumOfSquaresKernel sum) {
  return [sum](void*, Slice slice, int threads) -> embed::Integer {
    return sum(slice.begin, slice.end, threads);
  };
}

std::vector<Strategy> sum_of_squares_strategies(const ParameterValues& /*values*/) {
  return baseline_ways_and(
      {native_gil_held(Memory::none, summing(kernels::sum_of_squares_native)),
       kernel({.name = "native", .summary = "native code after Py_BEGIN_ALLOW_THREADS, serial"},
              summing(kernels::sum_of_squares_native)),
       kernel({.name = "openmp", .summary = "the same with OpenMP's threads", .pool = Pool::openmp},
              summing(kernels::sum_of_squares_openmp))});
}

/// n (n+1) (2n+1) / 6, which fits in 128 bits for any n that the kernels accept.
embed::Integer closed_formula(std::int64_t n) {
  const auto wide = static_cast<embed::Integer>(n);
  return wide * (wide + 1) * (2 * wide + 1) / 6;
}

Job sum_of_squares_job(const JobInputs& inputs) {
  const std::int64_t n = *inputs.values.integer(kN);
  return {.items = n,
          .script_items = n,
          .returns = embed::Returns::integer,
          .mismatch = [n](embed::Integer sum, std::int64_t) -> std::string {
            const embed::Integer expected = closed_formula(n);
            if (sum == expected) return "";
            return "gave " + to_string(sum) + " in all; the closed formula says " + to_string(expected);
          }};
}

}  // namespace

Workload sum_of_squares() {
  return {.name = "sum_of_squares",
          .script = "sum_of_squares.py",
          .item_unit = "terms",
          .parameters = {{.flag = kN,
                          .value = "N",
                          .help = "Terms of sum_of_squares (default 5000000)",
                          .default_text = "5000000",
                          .range = IntegerRange{1, kernels::kSumOfSquaresMax},
                          .context_key = "sum_n",
                          .words = "terms of sum_of_squares"}},
          .strategies = sum_of_squares_strategies,
          .make_job = sum_of_squares_job};
}

}  // namespace harness
