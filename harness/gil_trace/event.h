// harness/gil_trace/event.h: what the recorder hands to the analysis: each thread's events on each GIL.
#pragma once

#include <cstdint>

#include "harness/trace/clock.h"
#include "harness/trace/recording.h"

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
  trace::CpuNumber cpu = trace::kUnknownCpu;  ///< that the thread was on

  bool operator==(const Event&) const = default;
};

using ThreadEvents = trace::ThreadEvents<Event>;
using Recording = trace::Recording<Event>;

}  // namespace harness::gil_trace
