// harness/lock_trace/test_recordings.h: recordings for tests, and what their stacks mean.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/lock_trace/analysis.h"

namespace harness::lock_trace {

// Numbers of stacks in tests.
inline constexpr StackNumber kDict = 1;
inline constexpr StackNumber kKept = 2;     // by a stopped world
inline constexpr StackNumber kRequest = 3;  // waits for all others to stop
inline constexpr StackNumber kStart = 4;    // lets the world go on
inline constexpr StackNumber kUnlock = 5;
inline constexpr StackNumber kYield = 6;  // os.sched_yield()

inline const Site& test_site(StackNumber stack) {
  static const Site kSites[] = {
      site_of({}),
      site_of({"_PyMutex_LockTimed", "_PyCriticalSection_BeginSlow", "PyDict_SetItem"}),
      site_of({"_PyThreadState_Suspend", "_Py_HandlePending"}),
      site_of({"PyEvent_WaitTimed", "stop_the_world", "gc_collect_main"}),
      site_of({"_PyParkingLot_UnparkAll", "start_the_world", "gc_collect_main"}),
      site_of({"_PyParkingLot_Unpark", "_PyMutex_TryUnlock"}),
      site_of({"os_sched_yield"}),
  };
  return kSites[stack];
}

inline const Wait& test_wait(StackNumber stack) {
  return test_site(stack).wait;
}

/// A recording from 0 to 1,000 ns.
inline Recording recorded(const std::vector<std::pair<std::string, std::vector<Event>>>& threads) {
  Recording recording;
  recording.end_ns = 1000;
  for (const auto& [name, events] : threads) {
    ThreadEvents thread;
    thread.os_id = static_cast<std::int64_t>(recording.threads.size()) + 1;
    thread.name = name;
    thread.events = events;
    recording.threads.push_back(std::move(thread));
  }
  return recording;
}

}  // namespace harness::lock_trace
