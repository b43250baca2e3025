// harness/run/workload_experiment.h: one workload × strategy × thread count.
#pragma once

#include "harness/run/experiment.h"
#include "harness/strategies/strategy.h"
#include "harness/workloads/workload.h"

namespace harness {

/// Its row is workload/strategy/threads:N, where it works on one of several images (`size` is not "")
/// workload/strategy/size:WxH/threads:N, and behind that what tells it from others of its name. `image` is
/// that image's number. `workload` must live as long as the experiment does.
Experiment workload_experiment(const Workload& workload, const Strategy& strategy, int threads,
                               std::size_t image, const std::string& size);

}  // namespace harness
