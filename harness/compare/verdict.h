// harness/compare/verdict.h: what a confidence interval of a ratio of times allows to say.
#pragma once

#include <string_view>

#include "harness/compare/statistics.h"

namespace harness {

/// Of an interpreter's time over the first one's.
enum class Verdict {
  faster,        ///< the interval lies below 1
  slower,        ///< the interval lies above 1
  same,          ///< the interval lies within the margin: if there is a difference, it is too small to matter
  inconclusive,  ///< none of these: more rounds would be needed
};

std::string_view name_of(Verdict verdict);

/// `log_ratio`: the interval of the ratio's natural logarithm. `margin` > 0: 0.01 takes ratios from 1/1.01 to
/// 1.01 for the same. An interval that is both within the margin and on one side of 1 is `same`.
Verdict judge(const Interval& log_ratio, double margin);

/// How far the interval around `log_ratio` may reach to either side for judge() to decide. > 0.
double half_width_to_decide(double log_ratio, double margin);

}  // namespace harness
