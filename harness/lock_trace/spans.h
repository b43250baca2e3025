// harness/lock_trace/spans.h: a thread's events as spans of time in which it was parked or spinning.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/lock_trace/event.h"
#include "harness/lock_trace/waits.h"

namespace harness::lock_trace {

enum class SpanKind : std::uint8_t { parked, spinning };

/// How a thread spent the time from `begin_ns` to `end_ns`.
struct Span {
  SpanKind kind;
  StackNumber stack = 0;
  bool begin_is_cut = false;  ///< it began before the recording did; begin_ns is the recording's
  bool end_is_cut =
      false;  ///< its end was not recorded; end_ns is the recording's, or of the last event kept
  std::int64_t begin_ns = 0;
  std::int64_t end_ns = 0;
  std::int64_t cpu_ns = 0;  ///< CPU time used meanwhile; of a burst of yields the least
  trace::CpuNumber begin_cpu = trace::kUnknownCpu;
  trace::CpuNumber end_cpu = trace::kUnknownCpu;
  std::uint32_t yields = 0;  ///< of a burst
  std::uint32_t rounds = 1;  ///< waits that make this park: those cut short by a signal, or by their timeout

  std::int64_t length_ns() const { return end_ns - begin_ns; }
  bool operator==(const Span&) const = default;
};

/// All spans of a thread, in order; and, if its events cannot have happened so, what is wrong with the first
/// that does not fit: the part of a sentence that follows the thread's name.
struct ThreadSpans {
  std::vector<Span> spans;
  std::optional<std::string> fault;
};

/// What a stack waits for.
using WaitOf = std::function<const Wait&(StackNumber)>;

/// A park that a signal ended goes on with the next one at the same place, and so does one whose time ran out
/// where a thread stops the world, which waits for 1 ms at a time: they are one. A thread that is parked when
/// the recording begins is seen from its park_end on.
ThreadSpans spans_of(const ThreadEvents& thread, std::int64_t recording_begin_ns,
                     std::int64_t recording_end_ns, const WaitOf& wait_of);

}  // namespace harness::lock_trace
