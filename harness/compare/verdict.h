// harness/compare/verdict.h: what a confidence interval of a difference allows to say.
#pragma once

#include <string_view>

#include "harness/statistics/statistics.h"

namespace harness {

/// By what two values differ.
enum class Scale {
  ratio,       ///< the logarithm of their ratio
  difference,  ///< one less the other: of shares, which may be 0
};

/// By how much they may differ on `scale` where the difference is too small to matter. `margin` > 0: 0.01
/// takes ratios from 1/1.01 to 1.01 for the same, and shares that are a hundredth apart.
double limit_of(Scale scale, double margin);

/// Of an interpreter's value beside the first one's. By how much it is worse has an interval.
enum class Verdict {
  faster,        ///< it lies below 0: for certain better
  slower,        ///< it lies above 0: for certain worse
  same,          ///< the interval lies within the margin: if there is a difference, it is too small to matter
  inconclusive,  ///< none of these: more rounds would be needed
};

std::string_view name_of(Verdict verdict);

/// `worse`: the interval of by how much it is worse, on a scale of which `limit` is limit_of(). An interval
/// that is both within the limit and on one side of 0 is `same`.
Verdict judge(const Interval& worse, double limit);

/// Whether a value is worse than the first one's by more than is allowed.
enum class Beyond {
  no,       ///< for certain not
  yes,      ///< for certain
  unknown,  ///< more rounds would be needed
};

/// `worse` and `limit` as judge() has them; the limit itself is allowed.
Beyond beyond(const Interval& worse, double limit);

/// How far the interval around `worse` may reach to either side for judge() to decide. > 0.
double half_width_to_decide(double worse, double limit);

}  // namespace harness
