// harness/run/settle.cpp: what of an experiment is run before it is timed.
#include "harness/run/settle.h"

#include <limits>

namespace harness {
namespace {

// Once eight runs have brought no new fastest one, what still comes is chance: a large last-level cache takes
// some twenty runs to hold what it will. A machine that never comes to rest is not waited for.
constexpr int kRunsWithoutGain = 8;
constexpr int kMostRuns = 64;

}  // namespace

void settle(Prepared& prepared, const std::function<bool()>& interrupted) {
  if (!prepared.flush()) return;
  double fastest_s = std::numeric_limits<double>::infinity();
  int without_gain = 0;
  for (int run = 0; run < kMostRuns && without_gain < kRunsWithoutGain; ++run) {
    if (interrupted()) return;
    const double wall_s = prepared.run().wall_s();
    ++without_gain;
    if (wall_s < fastest_s) {
      fastest_s = wall_s;
      without_gain = 0;
    }
  }
}

}  // namespace harness
