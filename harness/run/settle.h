// harness/run/settle.h: what of an experiment is run before it is timed.
#pragma once

#include <functional>

#include "harness/run/experiment.h"

namespace harness {

/// Before the iterations of each repetition: sees to it that what ran before does not decide their time.
/// Where the experiment can be flushed from the caches it is, and runs untimed until the caches hold as much
/// of it as they will. `interrupted` is asked before each run; true ends it early. Throws ExperimentError.
void settle(Prepared& prepared, const std::function<bool()>& interrupted);

}  // namespace harness
