// harness/run/workload_experiment.h: one workload × strategy × thread count.
#pragma once

#include "harness/run/experiment.h"
#include "harness/strategies/strategy.h"

namespace harness {

/// Its row is workload/strategy/threads:N. `workload` must live as long as the program does.
Experiment workload_experiment(const Workload& workload, const Strategy& strategy, int threads);

}  // namespace harness
