// harness/gil_trace/core_sharing.h: for how long two threads of a recording were on one physical core.
#pragma once

#include <cstdint>
#include <optional>

#include "harness/gil_trace/event.h"
#include "harness/system/cpu_topology.h"

namespace harness::gil_trace {

struct SharedTime {
  std::int64_t together_ns = 0;  ///< two or more threads were there: from each one's first event to its last
  std::int64_t shared_ns = 0;    ///< of that, two or more of them were on one core

  SharedTime& operator+=(const SharedTime& other) {
    together_ns += other.together_ns;
    shared_ns += other.shared_ns;
    return *this;
  }
};

/// Of the events within the window. Between two of its events a thread counts where the first of them was.
/// Nothing where an event's CPU, or its core, is not known.
std::optional<SharedTime> shared_time(const Recording& recording, trace::Window window, const CoreMap& cores);

}  // namespace harness::gil_trace
