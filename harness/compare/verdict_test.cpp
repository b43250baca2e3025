// harness/compare/verdict_test.cpp: a difference that is called one though the interval allows none.
#include "harness/compare/verdict.h"

#include <gtest/gtest.h>

#include <cmath>

namespace harness {
namespace {

Interval ratios(double low, double high) {
  return {std::log(low), std::log(high)};
}

TEST(Judge, SeesADifferenceOnlyWhereTheIntervalLeavesNoneOut) {
  EXPECT_EQ(judge(ratios(1.02, 1.08), 0.01), Verdict::slower);
  EXPECT_EQ(judge(ratios(1.001, 1.08), 0.01), Verdict::slower);
  EXPECT_EQ(judge(ratios(0.999, 1.08), 0.01), Verdict::inconclusive);
  EXPECT_EQ(judge(ratios(0.92, 0.98), 0.01), Verdict::faster);
  EXPECT_EQ(judge(ratios(0.92, 1.001), 0.01), Verdict::inconclusive);
}

TEST(Judge, CallsTheSameWhatLiesWithinTheMargin) {
  EXPECT_EQ(judge(ratios(0.995, 1.005), 0.01), Verdict::same);
  EXPECT_EQ(judge(ratios(1.002, 1.008), 0.01), Verdict::same);
  EXPECT_EQ(judge(ratios(0.995, 1.012), 0.01), Verdict::inconclusive);
  EXPECT_EQ(judge(ratios(1 / 1.0099, 1.0099), 0.01), Verdict::same);
  EXPECT_EQ(judge(ratios(1, 1), 0.01), Verdict::same);
}

TEST(HalfWidthToDecide, IsWhatJudgeNeeds) {
  for (const double log_ratio : {0.0, 0.002, 0.0049, 0.006, 0.02, -0.004, -0.05}) {
    const double half_width = half_width_to_decide(log_ratio, 0.01);
    const auto verdict_at = [&](double reach) { return judge({log_ratio - reach, log_ratio + reach}, 0.01); };
    EXPECT_NE(verdict_at(0.999 * half_width), Verdict::inconclusive) << log_ratio;
    EXPECT_EQ(verdict_at(1.001 * half_width), Verdict::inconclusive) << log_ratio;
  }
}

}  // namespace
}  // namespace harness
