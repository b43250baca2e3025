// harness/gil_trace/recorder.h: switches the recording of GIL events on and off, and gives out what was seen.
//
// The recording itself (hook.h) is done by the threads that acquire and release: each writes into a buffer of
// its own, taken from a pool when its first event comes, so threads that the host has never heard of are
// recorded too. It allocates nothing, takes no lock, prints nothing and writes to no cache line that another
// thread uses. An event that finds its buffer full, or no buffer, is counted as dropped.
//
// All functions but name_this_thread() and now_ns() are for one thread at a time.
#pragma once

#include <cstddef>
#include <string_view>

#include "harness/gil_trace/clock.h"
#include "harness/gil_trace/event.h"

namespace harness::gil_trace {

/// How much a recording holds. Only address space until it is used; then 16 bytes an event.
struct BufferSizes {
  std::size_t threads = 1536;  ///< the 1,024 of the largest team, and a script's own
  std::size_t events_per_thread = std::size_t{1} << 20;
};

/// Takes the address space, once a process; later calls change nothing. Where so much is not to be had
/// (`ulimit -v`, strict overcommit) takes less: buffers shrink by halves. Throws UserError if even 4,096
/// events a thread are too many.
void reserve_buffers(BufferSizes sizes = {});

/// Forgets the last recording and begins the next. Threads that begin to wait, wait or hold before that are
/// seen from their next event on. Not while recording; after reserve_buffers().
void start_recording();

/// Ends the recording: from now on the hook does nothing again.
void stop_recording();

/// What was recorded between the last start_recording() and stop_recording(), threads in the order of their
/// first event ever. A copy. To be called before the next start_recording().
Recording collect_recording();

/// Calls the calling thread `name` (31 bytes of it) in recordings, and makes its buffer ready, so that its
/// first event is as cheap as any other. By any thread, after reserve_buffers(), not while another thread is
/// in collect_recording().
void name_this_thread(std::string_view name);

}  // namespace harness::gil_trace
