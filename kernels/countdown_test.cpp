// kernels/countdown_test.cpp: a slice that is off by one, or steps that are skipped, would show here.
#include "kernels/countdown.h"

#include <gtest/gtest.h>

#include <ostream>

#include "kernels/slice.h"

namespace kernels::countdown_test {
namespace {

struct Kernel {
  const char* name;
  CountdownKernel run;

  friend void PrintTo(const Kernel& kernel, std::ostream* out) { *out << kernel.name; }
};

class Countdown : public testing::TestWithParam<Kernel> {};

INSTANTIATE_TEST_SUITE_P(, Countdown,
                         testing::Values(Kernel{"native", countdown_native},
                                         Kernel{"openmp", countdown_openmp}),
                         [](const auto& tested) { return tested.param.name; });

TEST_P(Countdown, TakesOneStepForEachNumber) {
  for (int threads = 1; threads <= 8; ++threads) {
    EXPECT_EQ(GetParam().run(0, 1'000'003, threads), 1'000'003U) << threads << " threads";
  }
}

TEST_P(Countdown, TakesNoStepOnAnEmptySlice) {
  EXPECT_EQ(GetParam().run(0, 0, 2), 0U);
  EXPECT_EQ(GetParam().run(77, 77, 2), 0U);
}

TEST_P(Countdown, TakesTheSameStepsForAnySplit) {
  constexpr std::int64_t kSteps = 10'007;
  for (const int slices : {1, 2, 3, 7, 64, 1024}) {
    std::uint64_t steps = 0;
    for (int slice = 0; slice < slices; ++slice) {
      steps += GetParam().run(slice_begin(kSteps, slice, slices), slice_begin(kSteps, slice + 1, slices), 2);
    }
    EXPECT_EQ(steps, static_cast<std::uint64_t>(kSteps)) << slices << " slices";
  }
}

TEST_P(Countdown, ManyMoreThreadsThanStepsStillTakeEachStepOnce) {
  EXPECT_EQ(GetParam().run(5, 8, 16), 3U);
}

}  // namespace
}  // namespace kernels::countdown_test
