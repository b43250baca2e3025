// harness/gil_trace/losses.h: a recording's waits for the GIL, as the account of a row takes them.
#pragma once

#include "harness/gil_trace/event.h"
#include "harness/trace/losses.h"

namespace harness::gil_trace {

/// Each wait is a loss of its thread. The CPU time within a thread's waits is known as one sum, of which each
/// has as much as its part of their length. `incomplete` says how many events were dropped.
trace::Losses losses_of(const Recording& recording);

}  // namespace harness::gil_trace
