// harness/gil_trace/analysis.h: what a recording says about a window of time, and whether it can be true.
//
// A span that the window cuts counts with the part within; an acquire, a release, a timeout counts if it
// happened within, both ends included. Pure functions of events: no interpreter, no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/gil_trace/event.h"
#include "harness/system/cpu_topology.h"
#include "harness/trace/percentile.h"

namespace harness::gil_trace {

/// Within the recording: one iteration, for instance.
using trace::Window;

/// How threads used GILs. Lengths are in no particular order.
struct GilUse {
  std::uint64_t acquires = 0;
  std::uint64_t releases = 0;
  std::uint64_t switches = 0;  ///< acquires by another thread than the last holder
  /// Of the switches, those to the physical core that the last holder let go on, and those to another. One
  /// of which that is not known is neither.
  std::uint64_t switches_same_core = 0;
  std::uint64_t switches_other_core = 0;
  std::uint64_t forced_switches = 0;  ///< releases that then waited until another thread had acquired
  std::uint64_t timeouts = 0;         ///< waits' switch intervals that ran out
  std::vector<std::int64_t> holds_ns;
  std::vector<std::int64_t>
      waits_ns;  ///< one for each acquire that found the GIL held, however many timeouts
  std::vector<std::int64_t> handoffs_ns;  ///< from a release to the next acquire, if that thread was waiting

  std::int64_t held_ns() const;
  std::int64_t wait_ns() const;
  GilUse& operator+=(const GilUse& other);
};

/// One thread's use of one GIL within the window; there is none for a thread that did nothing in it.
struct ThreadUse {
  std::size_t thread;  ///< index into Recording::threads
  GilId gil;
  GilUse use;
};

struct Analysis {
  Window window{};
  std::vector<ThreadUse> uses;       ///< by thread, then by GIL
  std::uint64_t dropped_events = 0;  ///< of the whole recording: it is not known when they happened

  /// The self-check's finding, a sentence; empty if the recording passed. Events that were dropped are no
  /// contradiction, but what they would have counted for is missing from `uses`.
  std::string failure;

  GilUse total() const;
  GilUse of_gil(GilId gil) const;
  GilUse of_thread(std::size_t thread) const;
  std::vector<GilId> gils() const;
  std::size_t threads() const;  ///< how many acquired, held or waited for a GIL

  /// Of these threads, how long each was seen within the window: from its first event to its last, and before
  /// and after where it held or waited then. Added up.
  std::int64_t present_ns = 0;

  /// Jain's index over the held time of the threads that used any GIL, waiting included: 1 where all held
  /// equally long, 1/n where one of n held all the time. Nothing where no thread held. (R. Jain, D. Chiu,
  /// W. Hawe, "A Quantitative Measure of Fairness and Discrimination", DEC-TR-301, 1984.)
  std::optional<double> fairness() const;
};

/// Checks of the whole recording: what spans_of() checks of each thread; and of each GIL, that no two threads
/// held it at once. `cores` are those of the machine that the recording was made on.
Analysis analyse(const Recording& recording, Window window, const CoreMap& cores = {});

using trace::percentile;

}  // namespace harness::gil_trace
