// harness/tracer/watcher.h: looks at the traced program while it runs: who keeps the GIL for long, and why.
#pragma once

#include <sys/types.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "harness/tracer/process_image.h"
#include "harness/tracer/program_sites.h"
#include "harness/tracer/python_line.h"
#include "harness/tracer/thread_slots.h"
#include "harness/tracer/trace_memory.h"
#include "harness/tracer/world_log.h"

namespace harness::tracer {

/// Where a thread kept the GIL for long.
struct HoldPlace {
  std::vector<std::uintptr_t> stack =
      {};                    ///< return addresses, from the innermost outwards; empty: not known
  int system_call = -1;      ///< that it was blocked in; -1: none
  bool had_no_core = false;  ///< it could have run, and mostly did not
  bool is_python = false;    ///< it was in one native function, and then in another: Python code called both
  std::vector<PythonFrame> python = {};  ///< innermost first; empty where they are not known

  // NOLINTNEXTLINE(modernize-use-nullptr): it takes what the compiler writes here for a 0
  auto operator<=>(const HoldPlace&) const = default;
};

/// The holds of one place.
struct HoldTotals {
  std::uint64_t count = 0;
  Ticks total = 0, longest = 0;
};

class Watcher {
 public:
  Watcher(TraceMemory& memory, pid_t process);
  /// Ends it, if finish() has not.
  ~Watcher();

  /// After the program's end, which was then: takes what is left. Then the others may be called.
  void finish(trace::ClockAnchor end);

  ProgramSites& sites() { return sites_; }
  const std::map<HoldPlace, HoldTotals>& long_holds() const { return long_holds_; }
  /// In the order in which they began; those that had ended early may be together in the first.
  const std::vector<ThreadRecord>& threads() const { return threads_; }
  const WorldLog& world() const { return world_; }

 private:
  using Hold = std::pair<std::uint32_t, std::uint64_t>;  // a GIL's index, the hold's number

  /// Of a hold that goes on.
  struct Look {
    std::int64_t delay_ns =
        -1;  // of its thread for want of a core, when it was asked to let go; -1: not known
    int looks = 0;
    bool has_ended = false;  // it was seen to have
    HoldPlace place = {};
  };

  void watch();
  void take_logs(bool is_last);
  void take_ended_threads();
  void take_thread(ThreadSlot& slot);
  void take_open_holds(Ticks end);
  void fold_world(trace::ClockAnchor now, bool is_last);
  std::optional<std::int64_t> look_at_holds();
  void forget_ended_looks();
  void look_at(const GilState& gil, Look& look, std::uint64_t hold, pid_t thread);
  bool are_of_one_call(const std::array<StackNumber, 2>& samples);
  std::string task_file(pid_t thread, const char* name) const;
  std::int64_t run_delay_ns(pid_t thread) const;
  std::vector<PythonFrame> python_frames(pid_t thread);
  void add_hold(const LongHold& hold);
  void sleep(std::uint32_t seen, std::optional<std::int64_t> at_most_ns);
  std::int64_t ns_of(Ticks length) const;

  TraceMemory& memory_;
  const pid_t process_;
  ProcessImage image_;
  ProgramSites sites_;
  std::map<Hold, Look> looks_;  // of holds that go on
  std::optional<PythonLines> lines_;
  std::map<HoldPlace, HoldTotals> long_holds_;
  WorldLog world_;
  std::vector<ThreadRecord> threads_;
  std::map<std::uint32_t, std::string> names_;  // of threads, by number, for what is to be folded
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace harness::tracer
