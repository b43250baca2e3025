// harness/statistics/statistics_test.cpp: an interval that is too narrow or too wide.
//
// Reference values: the table of Student's t in the NIST/SEMATECH e-Handbook of Statistical Methods, section
// 1.3.6.7.2, and what R 4 prints for its own data set "sleep" (A. R. Cushny and A. R. Peebles 1905, Student's
// own example): t.test(extra ~ group, sleep) and t.test(x, y, paired = TRUE).
#include "harness/statistics/statistics.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>
#include <span>
#include <vector>

namespace harness {
namespace {

constexpr std::array kGroup1{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
constexpr std::array kGroup2{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

std::vector<double> differences() {
  std::vector<double> result;
  for (std::size_t i = 0; i < kGroup1.size(); ++i) result.push_back(kGroup1[i] - kGroup2[i]);
  return result;
}

TEST(IntervalOf, ReachesAsFarAsTheTableOfStudentsTSays) {
  struct Line {
    double degrees, confidence, critical;
  };
  for (const auto& [degrees, confidence, critical] : {Line{1, 0.95, 12.706},
                                                      {2, 0.95, 4.303},
                                                      {9, 0.95, 2.262},
                                                      {9, 0.99, 3.250},
                                                      {9, 0.90, 1.833},
                                                      {30, 0.99, 2.750},
                                                      {100, 0.95, 1.984},
                                                      {9, 0.998, 4.297}}) {
    const Interval interval =
        interval_of({.mean = 5, .standard_error = 2, .degrees_of_freedom = degrees}, confidence);
    EXPECT_NEAR((interval.high - 5) / 2, critical, 0.0005) << degrees << " " << confidence;
    EXPECT_NEAR((5 - interval.low) / 2, critical, 0.0005) << degrees << " " << confidence;
  }
}

TEST(EstimateMean, IsRsPairedTTest) {
  const auto estimate = estimate_mean(differences());
  ASSERT_TRUE(estimate);
  EXPECT_NEAR(estimate->mean, -1.58, 1e-12);
  EXPECT_EQ(estimate->degrees_of_freedom, 9);
  EXPECT_NEAR(estimate->mean / estimate->standard_error, -4.0621, 0.00005);
  const Interval interval = interval_of(*estimate, 0.95);
  EXPECT_NEAR(interval.low, -2.4598858, 1e-7);
  EXPECT_NEAR(interval.high, -0.7001142, 1e-7);
}

TEST(EstimateDifference, IsRsWelchTTest) {
  const auto estimate = estimate_difference(kGroup1, kGroup2);
  ASSERT_TRUE(estimate);
  EXPECT_NEAR(estimate->degrees_of_freedom, 17.776, 0.0005);
  EXPECT_NEAR(estimate->mean / estimate->standard_error, -1.8608, 0.00005);
  const Interval interval = interval_of(*estimate, 0.95);
  EXPECT_NEAR(interval.low, -3.3654832, 1e-7);
  EXPECT_NEAR(interval.high, 0.2054832, 1e-7);
}

// scipy 1.17.1: trim_mean(x, 0.1), and from mstats.winsorize(x, limits=(0.1, 0.1)) the standard error.
constexpr std::array kWithOutliers{0.012, 0.031, -0.004, 0.022, 0.019, 0.025, 0.55,  0.017, -0.31, 0.021,
                                   0.028, 0.009, 0.015,  0.024, 0.018, 0.020, 0.027, 0.013, 0.016, 0.023};

TEST(TrimmedMean, LeavesOutTheLeastAndTheGreatestTenth) {
  const MeanEstimate estimate = estimate_trimmed_mean(kWithOutliers).value();
  EXPECT_NEAR(estimate.mean, 0.0193125, 1e-12);
  EXPECT_NEAR(estimate.standard_error, 0.001827861401373632, 1e-15);
  EXPECT_EQ(estimate.degrees_of_freedom, 15);
  const Interval interval = interval_of(estimate, 0.95);
  EXPECT_NEAR(interval.low, 0.015416505646695916, 1e-10);
  EXPECT_NEAR(interval.high, 0.023208494353304084, 1e-10);
}

TEST(TrimmedMean, IsTheMeanOfFewerThanTen) {
  const std::span<const double> nine(kWithOutliers.data(), 9);
  EXPECT_DOUBLE_EQ(estimate_trimmed_mean(nine)->mean, estimate_mean(nine)->mean);
  EXPECT_DOUBLE_EQ(estimate_trimmed_mean(nine)->standard_error, estimate_mean(nine)->standard_error);
  EXPECT_EQ(estimate_trimmed_mean(nine)->degrees_of_freedom, 8);
  EXPECT_FALSE(estimate_trimmed_mean(nine.first(1)));
}

// What the interval says must be true of values that few outliers are among, and of such that none is.
TEST(TrimmedMean, IsCoveredAsOftenAsItsConfidenceSays) {
  std::mt19937 generator(20261130);
  std::normal_distribution<double> noise(0, 1);
  std::bernoulli_distribution is_outlier(0.05);
  for (const double outliers : {1.0, 20.0}) {
    constexpr int kSamples = 2'000;
    int covered = 0;
    for (int sample = 0; sample < kSamples; ++sample) {
      std::vector<double> values(30);
      for (double& value : values) value = noise(generator) * (is_outlier(generator) ? outliers : 1);
      const Interval interval = interval_of(*estimate_trimmed_mean(values), 0.95);
      covered += interval.low <= 0 && interval.high >= 0 ? 1 : 0;
    }
    EXPECT_GE(covered, kSamples * 93 / 100) << outliers;
    EXPECT_LE(covered, kSamples * 99 / 100) << outliers;
  }
}

TEST(Estimates, AreAbsentWhereNothingTellsHowTheValuesVary) {
  EXPECT_FALSE(estimate_mean(std::array{1.0}));
  EXPECT_FALSE(estimate_difference(kGroup1, std::array{1.0}));
  EXPECT_FALSE(estimate_difference(std::array{1.0}, kGroup2));
}

TEST(Estimates, OfEqualValuesAreCertain) {
  const auto mean = estimate_mean(std::array{2.0, 2.0, 2.0});
  EXPECT_EQ(interval_of(mean.value(), 0.99), (Interval{2, 2}));
  const auto difference = estimate_difference(std::array{2.0, 2.0}, std::array{1.0, 1.0});
  EXPECT_EQ(interval_of(difference.value(), 0.99), (Interval{1, 1}));
}

// With as many values as it asks for, and the same standard deviation, the interval reaches just that far.
TEST(ValuesNeeded, AreAsManyAsMakeTheIntervalThatNarrow) {
  const std::vector<double> values = differences();
  const MeanEstimate estimate = estimate_mean(values).value();
  const double deviation = estimate.standard_error * std::sqrt(10.0);
  for (const double half_width : {2.0, 0.9, 0.5, 0.1}) {
    const std::size_t needed = values_needed(estimate, values.size(), half_width, 0.95);
    const auto reach_of = [&](std::size_t count) {
      const auto n = static_cast<double>(count);
      const Interval interval = interval_of(
          {.mean = 0, .standard_error = deviation / std::sqrt(n), .degrees_of_freedom = n - 1}, 0.95);
      return interval.high;
    };
    EXPECT_LE(reach_of(needed + 1), half_width) << needed;
    EXPECT_GE(reach_of(std::max<std::size_t>(2, needed - 1)), half_width) << needed;
  }
}

}  // namespace
}  // namespace harness
