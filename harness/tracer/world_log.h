// harness/tracer/world_log.h: stops of the world of a program that runs for any time.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/lock_trace/analysis.h"
#include "harness/run/contention_of.h"
#include "harness/trace/clock.h"
#include "harness/tracer/trace_memory.h"

namespace harness::tracer {

/// Takes what threads do about stopping the world, and keeps of it the sums.
class WorldLog {
 public:
  void add(const WorldEvent& event) { events_.push_back(event); }

  /// How events are read: ticks as times, threads' numbers as names, stacks as sites.
  struct Reading {
    trace::TickConversion times;
    std::function<std::string(std::uint32_t)> name_of;
    lock_trace::SiteOf site_of;
  };

  /// Makes stops of what has come so far, up to a moment at which nobody waited; where there is none, and
  /// `is_last` or there is much, of all of it.
  void fold(const Reading& reading, bool is_last);

  std::size_t waiting_events() const { return events_.size(); }
  std::uint64_t stops() const { return stops_; }
  const StopsByReason& by_reason() const { return by_reason_; }

 private:
  std::size_t quiet_end() const;

  std::vector<WorldEvent> events_;
  StopsByReason by_reason_;
  std::uint64_t stops_ = 0;
};

}  // namespace harness::tracer
