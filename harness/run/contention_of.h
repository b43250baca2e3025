// harness/run/contention_of.h: what a row's lock trace says of where threads waited, as reports read it.
#pragma once

#include "harness/lock_trace/row_counters.h"
#include "harness/lock_trace/sites.h"
#include "harness/row/contention.h"

namespace harness {

/// The ten sites with the most lost time, and the stops by their reasons. Stacks that read alike are one
/// site.
Contention contention_of(const lock_trace::RowCounters& counters, lock_trace::Sites& sites);

}  // namespace harness
