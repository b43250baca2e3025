// harness/gil_trace/spans.h: a thread's events as spans of time in which it held or waited.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/gil_trace/event.h"

namespace harness::gil_trace {

enum class SpanKind : std::uint8_t {
  hold,   ///< from acquire to release
  wait,   ///< from wait to acquire
  yield,  ///< from yield to yield_end: the wait, after a release, for another thread's acquire
};

/// What a thread did with one GIL from `begin_ns` to `end_ns`.
struct Span {
  SpanKind kind;
  GilId gil;
  bool begin_is_cut = false;  ///< it began before the recording did; begin_ns is the recording's
  bool end_is_cut =
      false;  ///< its end was not recorded; end_ns is the recording's, or of the last event kept
  std::int64_t begin_ns;
  std::int64_t end_ns;
  trace::CpuNumber begin_cpu = trace::kUnknownCpu;  ///< that the thread was on as it began; unknown if cut
  trace::CpuNumber end_cpu = trace::kUnknownCpu;    ///< likewise, as it ended

  std::int64_t length_ns() const { return end_ns - begin_ns; }
  bool operator==(const Span&) const = default;
};

/// All spans of a thread, by their end; and, if its events cannot have happened so, what is wrong with the
/// first that does not fit: the part of a sentence that follows the thread's name.
struct ThreadSpans {
  std::vector<Span> spans;
  std::optional<std::string> fault;
};

/// A thread is never seen before its first event, so that event says what went before: a release, that it
/// held from the start; a timeout, that it waited. What must hold: on each GIL acquires and releases
/// alternate, so they differ by one at most; nobody waits while holding; every wait ends in an acquire or at
/// the end of the recording, every yield follows a release and ends before the next acquire; time does not go
/// back.
ThreadSpans spans_of(const ThreadEvents& thread, std::int64_t recording_begin_ns,
                     std::int64_t recording_end_ns);

}  // namespace harness::gil_trace
