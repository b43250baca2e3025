// harness/gil_trace/timeline.h: a recording of the GIL as lanes of a timeline.
//
//   process "threads"  holding, waiting, forced switch, detached; an instant a timeout
//   process "GILs"     who held each
#pragma once

#include "harness/gil_trace/event.h"
#include "harness/trace/timeline.h"

namespace harness::gil_trace {

/// Adds what `recording` shows, whose threads' names `lanes` point to, and the names of its threads.
void add_lanes(const Recording& recording, trace::Lanes& lanes);

}  // namespace harness::gil_trace
