// harness/tracer/trace_timeline.cpp: each thread's last events, as the recordings that the traces' own
// analysis takes.
#include "harness/tracer/trace_timeline.h"

#include <algorithm>

#include "harness/gil_trace/timeline.h"
#include "harness/row/format.h"
#include "harness/run/lock_timeline.h"
#include "harness/system/cpu_topology.h"

namespace harness::tracer {
namespace {

using trace::TickEvent;

constexpr std::size_t kMostEntries = 500'000;  // that a viewer still opens

/// The first moment from which on no event of any thread is missing, and after which there are no more than
/// that.
Ticks begin_of(const Watcher& watcher, Ticks attached_at) {
  Ticks begin = attached_at;
  std::vector<Ticks> times;
  for (const ThreadRecord& thread : watcher.threads()) {
    const bool lost = thread.events_left_out > 0;
    if (lost && !thread.events.empty()) begin = std::max(begin, thread.events.front().ticks);
    for (const TickEvent& event : thread.events) times.push_back(event.ticks);
  }
  if (times.size() <= kMostEntries) return begin;
  const auto first = times.end() - kMostEntries;
  std::ranges::nth_element(times, first);
  return std::max(begin, *first);
}

class Recordings {
 public:
  Recordings(Ticks begin, trace::ClockAnchor end, const trace::TickConversion& times)
      : begin_(begin), times_(times) {
    gil.begin_ns = locks.begin_ns = times_.to_ns(begin);
    gil.end_ns = locks.end_ns = end.ns;
  }

  void add(const ThreadRecord& thread, const std::string& name) {
    const pid_t id = thread.slot->os_id.load();
    gil_trace::ThreadEvents on_gil{.os_id = id, .name = name};
    lock_trace::ThreadEvents on_locks{.os_id = id, .name = name};
    for (const TickEvent& event : thread.events) {
      if (event.ticks < begin_) continue;
      const std::int64_t at_ns = times_.to_ns(event.ticks);
      if (event.kind < kLockKinds) {
        on_gil.events.push_back({at_ns, static_cast<gil_trace::GilId>(event.object),
                                 static_cast<gil_trace::EventKind>(event.kind), event.cpu});
        continue;
      }
      const auto kind = static_cast<lock_trace::EventKind>(event.kind - kLockKinds);
      // A burst that began earlier.
      if (kind == lock_trace::EventKind::spin_end && on_locks.events.empty()) continue;
      on_locks.events.push_back({at_ns, event.object, kind, event.cpu});
    }
    if (!on_gil.events.empty()) gil.threads.push_back(std::move(on_gil));
    if (!on_locks.events.empty()) locks.threads.push_back(std::move(on_locks));
  }

  gil_trace::Recording gil;
  lock_trace::Recording locks;

 private:
  const Ticks begin_;
  const trace::TickConversion& times_;
};

/// The whole program's.
Contention contention_of(const Summary& summary) {
  constexpr std::size_t kMostSites = 10;
  Contention contention{.sites = {}, .stops = summary.stops};
  for (const SiteSummary& site : summary.sites) {
    contention.lost_ns += static_cast<double>(site.parked_ns + site.spinning_ns);
    if (contention.sites.size() == kMostSites) continue;
    contention.sites.push_back({.what = site.what,
                                .stack = site.stack,
                                .parks = static_cast<double>(site.parks),
                                .spins = static_cast<double>(site.yields),
                                .park_ns = static_cast<double>(site.parked_ns),
                                .spin_ns = static_cast<double>(site.spinning_ns)});
  }
  return contention;
}

}  // namespace

std::string write_trace_timeline(const std::filesystem::path& file, const TraceMemory& memory,
                                 Watcher& watcher, trace::ClockAnchor end, const Summary& summary,
                                 std::vector<std::pair<std::string, std::string>> metadata) {
  const trace::TickConversion times(memory.attached_at, end);
  const Ticks begin = begin_of(watcher, memory.attached_at.ticks);
  Recordings recordings(begin, end, times);
  for (const ThreadRecord& thread : watcher.threads()) {
    recordings.add(thread, name_of(*thread.slot, summary.program.process));
  }
  const trace::Window window{times.to_ns(begin), end.ns};
  LockTimeline locks;
  const lock_trace::SiteOf site_of = [&](StackNumber stack) -> const lock_trace::Site& {
    return watcher.sites().of(stack);
  };
  locks.add(recordings.locks, lock_trace::analyse(recordings.locks, window, site_of), site_of);
  trace::Lanes lanes;
  gil_trace::add_lanes(recordings.gil, lanes);
  locks.add_to(lanes);
  trace::write_timeline(file, {.window = window,
                               .lanes = std::move(lanes),
                               .metadata = std::move(metadata),
                               .cores = cores_of_this_machine(),
                               .dropped_events = recordings.gil.dropped_events(),
                               .contention = contention_of(summary),
                               .max_entries = 2 * kMostEntries});
  const auto in_words = [](std::int64_t ns) { return format_time(static_cast<double>(ns) * 1e-9); };
  if (window.length_ns() >= summary.traced_ns) return "";
  return "the timeline has the last " + in_words(window.length_ns()) + " of " + in_words(summary.traced_ns);
}

}  // namespace harness::tracer
