// harness/compare/verdict_test.cpp: a difference that is called one though the interval allows none.
#include "harness/compare/verdict.h"

#include <gtest/gtest.h>

#include <limits>

#include <cmath>

namespace harness {
namespace {

const double kLimit = limit_of(Scale::ratio, 0.01);

Interval ratios(double low, double high) {
  return {std::log(low), std::log(high)};
}

TEST(Judge, SeesADifferenceOnlyWhereTheIntervalLeavesNoneOut) {
  EXPECT_EQ(judge(ratios(1.02, 1.08), kLimit), Verdict::slower);
  EXPECT_EQ(judge(ratios(1.001, 1.08), kLimit), Verdict::slower);
  EXPECT_EQ(judge(ratios(0.999, 1.08), kLimit), Verdict::inconclusive);
  EXPECT_EQ(judge(ratios(0.92, 0.98), kLimit), Verdict::faster);
  EXPECT_EQ(judge(ratios(0.92, 1.001), kLimit), Verdict::inconclusive);
}

TEST(Judge, CallsTheSameWhatLiesWithinTheMargin) {
  EXPECT_EQ(judge(ratios(0.995, 1.005), kLimit), Verdict::same);
  EXPECT_EQ(judge(ratios(1.002, 1.008), kLimit), Verdict::same);
  EXPECT_EQ(judge(ratios(0.995, 1.012), kLimit), Verdict::inconclusive);
  EXPECT_EQ(judge(ratios(1 / 1.0099, 1.0099), kLimit), Verdict::same);
  EXPECT_EQ(judge(ratios(1, 1), kLimit), Verdict::same);
}

TEST(Judge, TakesSharesThatAreAHundredthApartForTheSame) {
  const double limit = limit_of(Scale::difference, 0.01);
  EXPECT_EQ(judge({-0.01, 0.01}, limit), Verdict::same);
  EXPECT_EQ(judge({-0.01, 0.011}, limit), Verdict::inconclusive);
  EXPECT_EQ(judge({-0.6, -0.5}, limit), Verdict::faster);
}

TEST(HalfWidthToDecide, IsWhatJudgeNeeds) {
  for (const double log_ratio : {0.0, 0.002, 0.0049, 0.006, 0.02, -0.004, -0.05}) {
    const double half_width = half_width_to_decide(log_ratio, kLimit);
    const auto verdict_at = [&](double reach) {
      return judge({log_ratio - reach, log_ratio + reach}, kLimit);
    };
    EXPECT_NE(verdict_at(0.999 * half_width), Verdict::inconclusive) << log_ratio;
    EXPECT_EQ(verdict_at(1.001 * half_width), Verdict::inconclusive) << log_ratio;
  }
}

TEST(Beyond, IsToldWhereTheWholeIntervalIsOnOneSide) {
  EXPECT_EQ(beyond({0.04, 0.06}, 0.03), Beyond::yes);
  EXPECT_EQ(beyond({-0.01, 0.02}, 0.03), Beyond::no);
  EXPECT_EQ(beyond({0.01, 0.05}, 0.03), Beyond::unknown);
  EXPECT_EQ(beyond({0.03, 0.05}, 0.03), Beyond::unknown) << "the limit is allowed";
  EXPECT_EQ(beyond({0.01, 0.03}, 0.03), Beyond::no);
  const double none = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(beyond({none, none}, 0.03), Beyond::unknown);
}

}  // namespace
}  // namespace harness
