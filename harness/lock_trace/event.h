// harness/lock_trace/event.h: what the recorder hands to the analysis: each thread's waits for CPython's
// locks.
#pragma once

#include <cstdint>

#include "harness/trace/clock.h"
#include "harness/trace/recording.h"

namespace harness::lock_trace {

/// A serial number of a call stack (stack_table.h); 0 where the stack is not known.
using StackNumber = std::uint32_t;

/// What a thread did in CPython's code. interposer.cpp explains which call of which function each is seen by.
enum class EventKind : std::uint8_t {
  park,              ///< begins to wait for a semaphore that is not posted; `value` is a StackNumber
  park_end,          ///< it was posted; `value` is the CPU time that the thread used meanwhile, in ns
  park_timed_out,    ///< it was not, in time; `value` likewise
  park_interrupted,  ///< a signal came first; `value` likewise
  at_once,           ///< a wait that found its semaphore posted, and so was none
  spin,              ///< begins to yield the processor; `value` is a StackNumber
  spin_end,          ///< the last yield in a row has returned; `value` is how many there were
  descheduled,       ///< the last yield, which began now, let somebody else run; comes after its spin_end
  wake,              ///< posts a semaphore; `value` is a StackNumber
};

struct Event {
  std::int64_t time_ns;  ///< CLOCK_MONOTONIC
  std::uint32_t value;
  EventKind kind;
  trace::CpuNumber cpu = trace::kUnknownCpu;

  bool operator==(const Event&) const = default;
};

using ThreadEvents = trace::ThreadEvents<Event>;
using Recording = trace::Recording<Event>;

}  // namespace harness::lock_trace
