// harness/tracer/summary.h: what the trace of a whole program says. Times in nanoseconds.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "harness/row/contention.h"
#include "harness/tracer/trace_memory.h"
#include "harness/tracer/watcher.h"

namespace harness::tracer {

/// What one thread, or several, did with one GIL, or several.
struct GilUse {
  std::uint64_t acquires = 0, releases = 0, waits = 0, timeouts = 0, forced_switches = 0;
  std::int64_t held_ns = 0, waited_ns = 0, longest_hold_ns = 0, longest_wait_ns = 0;

  GilUse& operator+=(const GilUse& other);
};

struct ThreadSummary {
  std::string name;
  std::int64_t os_id = 0;     ///< gettid(); 0 where it is several threads
  std::uint64_t threads = 1;  ///< that are in it
  std::int64_t alive_ns = 0;  ///< from its first event to its end, or the program's
  GilUse gil = {};            ///< of all GILs
  std::vector<std::pair<std::uint32_t, GilUse>> gils = {};
  std::int64_t wait_p50_ns = 0, wait_p99_ns = 0, hold_p50_ns = 0, hold_p99_ns = 0;
  // Waits for something else than the GIL.
  std::uint64_t parks = 0, yields = 0;
  std::int64_t parked_ns = 0, spinning_ns = 0;
  std::int64_t locks_ns = 0, stopped_ns = 0;  ///< of `parked_ns`: for a lock, for a stopped world

  /// What it neither held the GIL nor waited for it.
  std::int64_t detached_ns() const { return alive_ns - gil.held_ns - gil.waited_ns; }
};

struct GilSummary {
  std::uint32_t number = 0;
  GilUse use = {};
  std::uint64_t switches = 0;  ///< acquires by another thread than the last holder
  std::uint64_t handoffs = 0;  ///< acquires by a thread that waited
  std::int64_t handoff_mean_ns = 0;
  std::uint64_t contradictions = 0;  ///< events that cannot have happened so
  bool is_of_several = false;  ///< of those beyond the seventh that a thread has used: only `use` is known
};

struct LongWaitSummary {
  std::string thread, holder;                ///< the holder as the wait began; "" where it is not known
  std::int64_t length_ns = 0, began_ns = 0;  ///< since the trace began
};

struct SiteSummary {
  std::string what = {};
  std::vector<std::string> stack = {};
  std::uint64_t parks = 0, yields = 0;
  std::int64_t parked_ns = 0, spinning_ns = 0, longest_park_ns = 0;
};

struct LongHoldSummary {
  std::string function = {};     ///< "" where it is not known
  std::string library = {};      ///< the file that it is in
  std::string system_call = {};  ///< that it was blocked in; "" where it ran
  bool had_no_core = false;      ///< it could have run, and mostly did not: others did
  /// The line of Python that called it, by whatever of the standard library; "" where that is not known.
  std::string python = {};
  std::vector<std::string> python_stack = {};  ///< "work (/home/…/app.py:12)", innermost first
  std::vector<std::string> stack = {};
  std::uint64_t count = 0;
  std::int64_t total_ns = 0, longest_ns = 0;
};

/// How the program was started, and how it ended.
struct ProgramFacts {
  std::vector<std::string> command;  ///< as it was started
  std::string interpreter;           ///< "CPython 3.14.7t, /opt/…"
  pid_t process = 0;
  std::string end;                ///< "exit status 0", "signal 11 (Segmentation fault)"
  bool knows_world = true;        ///< the functions that stop the world have names
  std::string command_line = {};  ///< that traced it, as it could be typed again
};

struct Summary {
  ProgramFacts program;
  std::int64_t traced_ns = 0;
  std::uint64_t threads_ever = 0;
  std::vector<ThreadSummary> threads = {};  ///< in the order in which they came
  std::vector<GilSummary> gils = {};
  std::vector<LongWaitSummary> long_waits = {};  ///< longest first, ten at most
  std::int64_t long_hold_ns = 0;                 ///< what counts as long beyond the first timeout of a waiter
  std::vector<LongHoldSummary> long_holds = {};  ///< most time first
  std::vector<SiteSummary> sites = {};           ///< most lost time first
  std::vector<WorldStops> stops = {};
  std::vector<std::string> notes = {};  ///< what a reader must know, a sentence each
};

/// After Watcher::finish(), which was given `end`.
Summary summary_of(TraceMemory& memory, Watcher& watcher, trace::ClockAnchor end,
                   const ProgramFacts& program);

}  // namespace harness::tracer
