// harness/run/disturbance.h: what other processes and the hypervisor had of the machine while a row ran.
#pragma once

#include <optional>

#include "harness/run/observer.h"
#include "harness/system/cpu_activity.h"

namespace harness {

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

}  // namespace harness
