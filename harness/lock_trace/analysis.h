// harness/lock_trace/analysis.h: what a recording says about a window of time, and whether it can be true.
//
// A span that the window cuts counts with the part within; a yield, a park, a stop counts if it began within.
// Pure functions of events and of what their stacks mean: no interpreter, no clock.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/lock_trace/event.h"
#include "harness/lock_trace/sites.h"
#include "harness/lock_trace/spans.h"

namespace harness::lock_trace {

using trace::Window;

/// What happened at one place.
struct SiteUse {
  std::uint64_t parks = 0;
  std::uint64_t yields = 0;
  std::int64_t park_ns = 0;
  std::int64_t spin_ns = 0;

  std::int64_t lost_ns() const { return park_ns + spin_ns; }
  SiteUse& operator+=(const SiteUse& other);
};

/// A stop of the world that made a thread wait.
struct WorldStop {
  std::int64_t asked_ns = 0;    ///< the one who asked began to wait for others; else the first of them parked
  std::int64_t stopped_ns = 0;  ///< the last of those that were waited for, or that parked, had stopped
  std::int64_t started_ns = 0;  ///< the first of them was woken
  std::string requester = {};   ///< the name of the thread that asked
  std::string why = {};         ///< "garbage collection"
  std::string last = {};        ///< the thread that stopped last; "" where none parked
  std::size_t threads = 0;      ///< that were parked

  std::int64_t length_ns() const { return started_ns - asked_ns; }
};

struct ThreadWaits {
  std::size_t thread;  ///< index into Recording::threads
  std::vector<Span> spans;
};

struct Analysis {
  Window window{};
  std::map<StackNumber, SiteUse> sites;
  std::vector<std::int64_t> lock_parks_ns;  ///< each park on a lock, in no particular order
  std::uint64_t lock_yields = 0;
  std::int64_t lock_spin_ns = 0;
  std::uint64_t lock_bursts = 0;  ///< of yields for a lock; about, for where one ends is an estimate
  std::uint64_t lock_bursts_parked =
      0;  ///< of these, those that a park for the lock followed; the others got it
  std::uint64_t semaphore_waits =
      0;                             ///< all of CPython's waits for semaphores, also those that need not wait
  std::vector<WorldStop> stops;      ///< in order
  std::vector<ThreadWaits> threads;  ///< each thread's spans, of the whole recording
  std::uint64_t dropped_events = 0;  ///< of the whole recording

  /// The self-check's finding, a sentence; empty if the recording passed.
  std::string failure;
};

/// What a stack means.
using SiteOf = std::function<const Site&(StackNumber)>;

/// Checks of the whole recording what spans_of() checks of each thread.
Analysis analyse(const Recording& recording, Window window, const SiteOf& site_of);

}  // namespace harness::lock_trace
