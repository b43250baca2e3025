// harness/statistics/statistics.h: means with confidence intervals, and how sure one may be of them.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace harness {

/// A mean that was estimated from a sample, with what an interval around it takes.
struct MeanEstimate {
  double mean = 0;
  double standard_error = 0;      ///< of the mean; 0 where all values were equal
  double degrees_of_freedom = 0;  ///< of Student's t distribution; > 0
};

struct Interval {
  double low = 0;
  double high = 0;

  bool operator==(const Interval&) const = default;
};

/// The mean of `values`, with their number - 1 degrees of freedom. Nothing below two values, which do not
/// tell how they vary.
std::optional<MeanEstimate> estimate_mean(std::span<const double> values);

/// The mean of `values` without the tenth of them that is least and the tenth that is greatest (below ten,
/// none), so that what has befallen a few does not decide; of values that vary evenly to both sides it is
/// their mean, too. J. W. Tukey and D. H. McLaughlin, "Less vulnerable confidence and significance procedures
/// for location based on a single sample: Trimming/Winsorization 1", Sankhya A 25 (1963). Nothing below two
/// values.
std::optional<MeanEstimate> estimate_trimmed_mean(std::span<const double> values);

/// The mean of `values` less that of `base`, for samples that are not paired and need not vary alike: B. L.
/// Welch, "The generalization of 'Student's' problem when several different population variances are
/// involved", Biometrika 34 (1947). Nothing where either has fewer than two values.
std::optional<MeanEstimate> estimate_difference(std::span<const double> values, std::span<const double> base);

/// The interval that covers the true mean with probability `confidence` (0 < confidence < 1), if the values
/// are normally distributed: Student's t. Quick beside what was measured.
Interval interval_of(const MeanEstimate& estimate, double confidence);

/// How many values it would take until the interval reaches no further than `half_width` > 0 to either side,
/// if they go on varying as `count` of them did: for a sample of paired values, or two of `count` each.
std::size_t values_needed(const MeanEstimate& estimate, std::size_t count, double half_width,
                          double confidence);

}  // namespace harness
