// harness/lock_trace/world.h: stops of the world, put together from what each thread did.
#pragma once

#include <vector>

#include "harness/lock_trace/analysis.h"

namespace harness::lock_trace {

/// The stops that began within the window, in order. A stop is seen where the one who asked had to wait for
/// another thread, or woke one; one that found all others detached, and kept none, calls nothing and is not
/// seen.
std::vector<WorldStop> stops_of(const Recording& recording, const std::vector<ThreadWaits>& threads,
                                Window window, const SiteOf& site_of);

}  // namespace harness::lock_trace
