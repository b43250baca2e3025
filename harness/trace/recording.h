// harness/trace/recording.h: what a recorder gives out: each thread's events, on one clock.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace harness::trace {

/// CLOCK_MONOTONIC: one iteration, for instance.
struct Window {
  std::int64_t begin_ns;
  std::int64_t end_ns;

  std::int64_t length_ns() const { return end_ns - begin_ns; }
};

/// Something with a name on the same clock.
struct NamedSpan {
  std::string name;
  std::int64_t begin_ns;  ///< CLOCK_MONOTONIC
  std::int64_t end_ns;
  std::int64_t os_id = 0;  ///< gettid() of the thread whose lane it is to be in; an iteration has none
};

/// The events of one thread in the order in which they happened. `Event` is the trace's own.
template <typename Event>
struct ThreadEvents {
  std::int64_t os_id = 0;     ///< gettid()
  std::string name;           ///< what name_this_thread() was given, else "thread <os_id>"
  std::uint64_t dropped = 0;  ///< events that found the buffer full; all later than those in `events`
  /// CPU time that it used within the waits that the trace has seen end, where the trace reads it.
  std::int64_t wait_cpu_ns = 0;
  std::vector<Event> events = {};
};

/// All that was seen from Recorder::start() to stop().
template <typename Event>
struct Recording {
  std::int64_t begin_ns = 0;  ///< CLOCK_MONOTONIC
  std::int64_t end_ns = 0;    ///< CLOCK_MONOTONIC
  std::vector<ThreadEvents<Event>> threads;
  std::uint64_t threads_without_buffer = 0;  ///< threads of which nothing was kept: all buffers were taken
  std::uint64_t events_without_buffer = 0;   ///< the events of those threads

  /// Every event that is not in `threads`.
  std::uint64_t dropped_events() const {
    std::uint64_t dropped = events_without_buffer;
    for (const ThreadEvents<Event>& thread : threads) dropped += thread.dropped;
    return dropped;
  }
};

/// Leaves those of the threads whose gettid() is among `os_ids`; all, where that is absent.
template <typename Event>
void keep_threads(Recording<Event>& recording, const std::optional<std::vector<std::int64_t>>& os_ids) {
  if (!os_ids) return;
  std::erase_if(recording.threads, [&](const ThreadEvents<Event>& thread) {
    return std::ranges::find(*os_ids, thread.os_id) == os_ids->end();
  });
}

}  // namespace harness::trace
