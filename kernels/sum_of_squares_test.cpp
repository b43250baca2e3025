// kernels/sum_of_squares_test.cpp: an overflow, or a term left out or added twice, would show here.
#include "kernels/sum_of_squares.h"

#include <gtest/gtest.h>

#include <ostream>

#include "kernels/slice.h"

namespace kernels::sum_of_squares_test {
namespace {

struct Kernel {
  const char* name;
  SumOfSquaresKernel run;

  friend void PrintTo(const Kernel& kernel, std::ostream* out) { *out << kernel.name; }
};

class SumOfSquares : public testing::TestWithParam<Kernel> {};

INSTANTIATE_TEST_SUITE_P(, SumOfSquares,
                         testing::Values(Kernel{"native", sum_of_squares_native},
                                         Kernel{"openmp", sum_of_squares_openmp}),
                         [](const auto& tested) { return tested.param.name; });

/// The sum of i*i over i in 1..n; n <= kSumOfSquaresMax keeps the product within 128 bits.
Uint128 closed_formula(std::int64_t n) {
  const auto wide = static_cast<Uint128>(n);
  return wide * (wide + 1) * (2 * wide + 1) / 6;
}

TEST_P(SumOfSquares, AgreesWithTheClosedFormula) {
  for (const std::int64_t n : {0, 1, 2, 3, 10, 1000, 3'000'001}) {
    for (int threads = 1; threads <= 8; ++threads) {
      EXPECT_TRUE(GetParam().run(0, n, threads) == closed_formula(n)) << n << " on " << threads << " threads";
    }
  }
}

// 2^64 is passed for the first time at n = 3,810,778.
TEST_P(SumOfSquares, DoesNotOverflowWhereTheSumPasses64Bits) {
  constexpr std::int64_t kPast64Bits = 4'000'000;
  ASSERT_GT(static_cast<std::uint64_t>(closed_formula(kPast64Bits) >> 64), 0U);
  EXPECT_TRUE(GetParam().run(0, kPast64Bits, 2) == closed_formula(kPast64Bits));
}

TEST_P(SumOfSquares, DoesNotOverflowAtTheLargestTerms) {
  constexpr std::int64_t kBegin = kSumOfSquaresMax - 1'000'000;
  EXPECT_TRUE(GetParam().run(kBegin, kSumOfSquaresMax, 3) ==
              closed_formula(kSumOfSquaresMax) - closed_formula(kBegin));
}

TEST_P(SumOfSquares, IsTheSameForAnySplit) {
  constexpr std::int64_t kTerms = 10'007;
  for (const int slices : {1, 2, 3, 7, 64, 1024}) {
    Uint128 sum = 0;
    for (int slice = 0; slice < slices; ++slice) {
      sum += GetParam().run(slice_begin(kTerms, slice, slices), slice_begin(kTerms, slice + 1, slices), 2);
    }
    EXPECT_TRUE(sum == closed_formula(kTerms)) << slices << " slices";
  }
}

}  // namespace
}  // namespace kernels::sum_of_squares_test
