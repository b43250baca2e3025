// harness/run/disturbance.cpp: what other processes and the hypervisor had of the machine while a row ran.
#include "harness/run/disturbance.h"

namespace harness {

void DisturbanceObserver::begin_repetition(const Experiment& /*experiment*/) {
  before_ = CpuActivity::now();
}

Counters DisturbanceObserver::counters() const {
  constexpr double kEnough_s = 0.5;  // 50 ticks, of which one or two may be wrong
  const auto after = CpuActivity::now();
  const auto shares = before_ && after ? cpu_shares(*before_, *after) : std::nullopt;
  if (!shares || shares->machine_s < kEnough_s) return {};
  return {{"others_cpu_share", shares->others}, {"stolen_cpu_share", shares->stolen}};
}

}  // namespace harness
