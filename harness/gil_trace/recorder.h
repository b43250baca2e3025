// harness/gil_trace/recorder.h: the recorder of GIL events, which hook.h writes to (trace/recorder.h).
//
// All functions are for one thread at a time.
#pragma once

#include "harness/gil_trace/event.h"
#include "harness/trace/recorder.h"

namespace harness::gil_trace {

/// Recorder::reserve(). Throws UserError if even 4,096 events a thread are too many.
void reserve_buffers(trace::BufferSizes sizes = {});

/// Recorder::start(). Threads that begin to wait, wait or hold before that are seen from their next event on.
void start_recording();

/// Recorder::stop().
void stop_recording();

/// Recorder::collect().
Recording collect_recording();

}  // namespace harness::gil_trace
