// kernels/sum_of_squares_native.cpp: the summing loop on the calling thread.
#include "kernels/sum_of_squares.h"

namespace kernels {

Uint128 sum_of_squares_native(std::int64_t begin, std::int64_t end, int /*threads*/) {
  Uint128 sum = 0;
  for (std::int64_t i = begin + 1; i <= end; ++i) {
    auto factor = static_cast<std::uint64_t>(i);
    // Without this a compiler may replace the loop by the closed formula, or make the squares without a
    // multiplication as (i-1)*(i-1) + 2*i - 1. The empty statement says that it may change `factor`, so that
    // every step really multiplies, and that it must happen (volatile). It is no instruction, and the sum
    // stays free: a step must be one multiplication and one 128-bit addition, as the script's is, and the
    // loop must not be unrolled. countdown_native.cpp says how to see it.
    asm volatile("" : "+r"(factor));
    const std::uint64_t square = factor * factor;  // no overflow up to kSumOfSquaresMax
    sum += square;
  }
  return sum;
}

}  // namespace kernels
