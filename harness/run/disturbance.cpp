// harness/run/disturbance.cpp: what other processes and the hypervisor had of the machine while a row ran.
#include <optional>

#include "harness/run/traces.h"
#include "harness/system/cpu_activity.h"

namespace harness {
namespace {

/// Counters others_cpu_share and stolen_cpu_share; absent where the ticks that Linux counts in are too few to
/// say.
class DisturbanceObserver : public Observer {
 public:
  void begin_repetition(const Experiment& experiment) override;
  void end(const JobTime& /*time*/, const Prepared& /*prepared*/) override {}
  Counters counters() const override;

 private:
  std::optional<CpuActivity> before_;
};

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

}  // namespace

std::unique_ptr<Observer> disturbance_observer(const TraceSetup& /*setup*/) {
  return std::make_unique<DisturbanceObserver>();
}

}  // namespace harness
