// harness/compare/verdict.cpp: what a confidence interval of a difference allows to say.
#include "harness/compare/verdict.h"

#include <algorithm>
#include <cmath>

namespace harness {

double limit_of(Scale scale, double margin) {
  return scale == Scale::ratio ? std::log1p(margin) : margin;
}

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

Verdict judge(const Interval& worse, double limit) {
  if (worse.low >= -limit && worse.high <= limit) return Verdict::same;
  if (worse.high < 0) return Verdict::faster;
  if (worse.low > 0) return Verdict::slower;
  return Verdict::inconclusive;
}

Beyond beyond(const Interval& worse, double limit) {
  if (worse.low > limit) return Beyond::yes;
  return worse.high <= limit ? Beyond::no : Beyond::unknown;  // a bound that is no number shows nothing
}

double half_width_to_decide(double worse, double limit) {
  const double distance = std::abs(worse);
  // Either the interval leaves 0 out, or it fits within the limit: whichever comes first.
  return std::max(distance, limit - distance);
}

}  // namespace harness
