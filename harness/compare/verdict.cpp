// harness/compare/verdict.cpp: what a confidence interval of a ratio of times allows to say.
#include "harness/compare/verdict.h"

#include <algorithm>
#include <cmath>

namespace harness {

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::faster:
      return "faster";
    case Verdict::slower:
      return "slower";
    case Verdict::same:
      return "same";
    case Verdict::inconclusive:
      break;
  }
  return "inconclusive";
}

Verdict judge(const Interval& log_ratio, double margin) {
  const double limit = std::log1p(margin);
  if (log_ratio.low >= -limit && log_ratio.high <= limit) return Verdict::same;
  if (log_ratio.high < 0) return Verdict::faster;
  if (log_ratio.low > 0) return Verdict::slower;
  return Verdict::inconclusive;
}

double half_width_to_decide(double log_ratio, double margin) {
  const double distance = std::abs(log_ratio);
  // Either the interval leaves 0 out, or it fits within the margin: whichever comes first.
  return std::max(distance, std::log1p(margin) - distance);
}

}  // namespace harness
