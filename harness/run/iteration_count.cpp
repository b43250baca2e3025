// harness/run/iteration_count.cpp: how many iterations a repetition has.
#include "harness/run/iteration_count.h"

#include <algorithm>
#include <cmath>

namespace harness {
namespace {

// So that a repetition whose iterations are a little faster than the one that is known is long enough, too.
constexpr double kReserve = 1.05;
// As Google Benchmark has it: then so short a time is no time.
constexpr double kMost = 1e9;

}  // namespace

std::int64_t IterationCount::next(std::int64_t asked) {
  count_ = std::max(count_, asked);
  return count_;
}

void IterationCount::took(double wall_s) {
  enough_ = enough_ || wall_s >= min_time_s_;
  if (!enough_) expect(wall_s / static_cast<double>(count_));
}

void IterationCount::expect(double iteration_s) {
  if (iteration_s <= 0 || iteration_s >= min_time_s_) return;
  const double needed = std::ceil(kReserve * min_time_s_ / iteration_s);
  count_ = std::max(count_, static_cast<std::int64_t>(std::min(needed, kMost)));
}

}  // namespace harness
