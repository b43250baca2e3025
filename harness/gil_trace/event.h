// harness/gil_trace/event.h: what the recorder hands to the analysis: each thread's events on each GIL.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace harness::gil_trace {

/// A serial number that learn_gil() gives; never used twice in a process.
using GilId = std::uint16_t;

/// What a thread did. interposer.cpp explains which call of which function each of them is seen by.
enum class EventKind : std::uint8_t {
  acquire,    ///< the GIL changed from free to held by this thread
  release,    ///< from held by this thread to free
  wait,       ///< the GIL was not free: the thread begins to wait for it
  timeout,    ///< the wait goes on, but a switch interval ran out: the holder is asked to drop the GIL
  yield,      ///< after a release that was asked for: begins to wait until another thread has acquired
  yield_end,  ///< ends to
};

struct Event {
  std::int64_t time_ns;  ///< CLOCK_MONOTONIC
  GilId gil;
  EventKind kind;

  bool operator==(const Event&) const = default;
};

/// The events of one thread in the order in which they happened.
struct ThreadEvents {
  std::int64_t os_id = 0;     ///< gettid()
  std::string name;           ///< what name_this_thread() was given, else "thread <os_id>"
  std::uint64_t dropped = 0;  ///< events that found the buffer full; all later than those in `events`
  std::vector<Event> events;
};

/// All that was seen from start_recording() to stop_recording().
struct Recording {
  std::int64_t begin_ns = 0;  ///< CLOCK_MONOTONIC
  std::int64_t end_ns = 0;    ///< CLOCK_MONOTONIC
  std::vector<ThreadEvents> threads;
  std::uint64_t threads_without_buffer = 0;  ///< threads of which nothing was kept: all buffers were taken
  std::uint64_t events_without_buffer = 0;   ///< the events of those threads

  /// Every event that is not in `threads`.
  std::uint64_t dropped_events() const {
    std::uint64_t dropped = events_without_buffer;
    for (const ThreadEvents& thread : threads) dropped += thread.dropped;
    return dropped;
  }
};

}  // namespace harness::gil_trace
