// harness/statistics/statistics.cpp: Student's t and Welch's t, with Boost.Math's distribution.
#include "harness/statistics/statistics.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>
#include <vector>

namespace harness {
namespace {

/// How far the interval of that confidence reaches, in standard errors.
double reach(double degrees_of_freedom, double confidence) {
  return boost::math::quantile(
      boost::math::complement(boost::math::students_t(degrees_of_freedom), (1 - confidence) / 2));
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// The square of the mean's standard error.
double squared_error(std::span<const double> values) {
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const auto count = static_cast<double>(values.size());
  return squares / (count - 1) / count;
}

}  // namespace

std::optional<MeanEstimate> estimate_mean(std::span<const double> values) {
  if (values.size() < 2) return std::nullopt;
  return MeanEstimate{.mean = mean_of(values),
                      .standard_error = std::sqrt(squared_error(values)),
                      .degrees_of_freedom = static_cast<double>(values.size() - 1)};
}

std::optional<MeanEstimate> estimate_trimmed_mean(std::span<const double> values) {
  if (values.size() < 2) return std::nullopt;
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  const std::size_t count = sorted.size();
  const std::size_t cut = count / 10;
  const std::span<double> all(sorted);
  const std::span<double> kept = all.subspan(cut, count - 2 * cut);
  const double mean = mean_of(kept);
  // Winsorized: those that were left out vary as much as the outermost that were not.
  std::ranges::fill(all.first(cut), kept.front());
  std::ranges::fill(all.last(cut), kept.back());
  const auto part = static_cast<double>(kept.size()) / static_cast<double>(count);
  return MeanEstimate{.mean = mean,
                      .standard_error = std::sqrt(squared_error(all)) / part,
                      .degrees_of_freedom = static_cast<double>(kept.size() - 1)};
}

std::optional<MeanEstimate> estimate_difference(std::span<const double> values,
                                                std::span<const double> base) {
  if (values.size() < 2 || base.size() < 2) return std::nullopt;
  const double a = squared_error(values);
  const double b = squared_error(base);
  const auto a_degrees = static_cast<double>(values.size() - 1);
  const auto b_degrees = static_cast<double>(base.size() - 1);
  // Where neither sample varies at all the formula is 0/0; any number of degrees gives the same interval.
  const double degrees =
      a + b > 0 ? (a + b) * (a + b) / (a * a / a_degrees + b * b / b_degrees) : a_degrees + b_degrees;
  return MeanEstimate{.mean = mean_of(values) - mean_of(base),
                      .standard_error = std::sqrt(a + b),
                      .degrees_of_freedom = degrees};
}

Interval interval_of(const MeanEstimate& estimate, double confidence) {
  const double half_width = reach(estimate.degrees_of_freedom, confidence) * estimate.standard_error;
  return {estimate.mean - half_width, estimate.mean + half_width};
}

std::size_t values_needed(const MeanEstimate& estimate, std::size_t count, double half_width,
                          double confidence) {
  // The standard error shrinks with the root of the number, and t's reach a little as well.
  constexpr double kMost = 1e9;
  const double per_value = estimate.standard_error * std::sqrt(static_cast<double>(count));
  const double degrees_per_value = (estimate.degrees_of_freedom + 1) / static_cast<double>(count);
  double needed = 2;
  for (int step = 0; step < 50; ++step) {
    const double degrees = std::max(1.0, needed * degrees_per_value - 1);
    const double next =
        std::clamp(std::pow(reach(degrees, confidence) * per_value / half_width, 2), 2.0, kMost);
    if (std::abs(next - needed) < 0.5) break;
    needed = (needed + next) / 2;
  }
  return static_cast<std::size_t>(std::ceil(needed));
}

}  // namespace harness
