// kernels/sum_of_squares.h: the native twins of scripts/sum_of_squares.py.
#pragma once

#include <cstdint>

namespace kernels {

/// Wide enough for the sum of i*i over i in 1..kSumOfSquaresMax.
__extension__ using Uint128 = unsigned __int128;

/// The largest end that the kernels accept: i*i must fit in 64 bits.
inline constexpr std::int64_t kSumOfSquaresMax = 4'000'000'000;

/// The sum of i*i for begin < i <= end, so that [0, n) of a split job is 1..n of the formula.
/// 0 <= begin <= end <= kSumOfSquaresMax. `threads` >= 1 is how many threads the kernel may use;
/// a serial one ignores it.
using SumOfSquaresKernel = Uint128 (*)(std::int64_t begin, std::int64_t end, int threads);

Uint128 sum_of_squares_native(std::int64_t begin, std::int64_t end, int threads);
Uint128 sum_of_squares_openmp(std::int64_t begin, std::int64_t end, int threads);

}  // namespace kernels
