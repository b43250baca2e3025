// harness/workloads/sum_of_squares.cpp: Demo 2 of the talk: the sum of i*i, checked against the formula.
#include "kernels/sum_of_squares.h"

#include <array>

#include "harness/workloads/workload.h"

namespace harness {
namespace {

constexpr std::array kKernels{
    Kernel<kernels::SumOfSquaresKernel>{{"native", false}, kernels::sum_of_squares_native},
    Kernel<kernels::SumOfSquaresKernel>{{"openmp", true}, kernels::sum_of_squares_openmp},
};

/// n (n+1) (2n+1) / 6, which fits in 128 bits for any n that the kernels accept.
embed::Integer closed_formula(std::int64_t n) {
  const auto wide = static_cast<embed::Integer>(n);
  return wide * (wide + 1) * (2 * wide + 1) / 6;
}

Job make_job(const WorkloadOptions& options) {
  const std::int64_t n = options.sum_n;
  return {.items = n,
          .script_items = n,
          .returns = embed::Returns::integer,
          .buffers = {},
          .traffic = {},
          .run_kernel = [](std::size_t kernel, Slice slice, int threads) -> embed::Integer {
            return kKernels.at(kernel).run(slice.begin, slice.end, threads);
          },
          .clear = [] {},
          .mismatch = [n](embed::Integer sum, std::int64_t) -> std::string {
            const embed::Integer expected = closed_formula(n);
            if (sum == expected) return "";
            return "gave " + to_string(sum) + " in all; the closed formula says " + to_string(expected);
          },
          .picture = {},
          .picture_width = 0};
}

}  // namespace

const Workload kSumOfSquares{.name = "sum_of_squares",
                             .item_unit = "terms",
                             .has_script = true,
                             .of_image = false,
                             .bytes_of_item = 0,
                             .scripts = {},
                             .kernels = infos_of(kKernels),
                             .make_job = make_job};

}  // namespace harness
