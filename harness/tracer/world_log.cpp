// harness/tracer/world_log.cpp: the lock trace's own analysis, piece by piece.
#include "harness/tracer/world_log.h"

#include <algorithm>

#include "harness/lock_trace/world.h"

namespace harness::tracer {
namespace {

using lock_trace::EventKind;

constexpr std::size_t kMuch = 200'000;  // events

lock_trace::Recording recording_of(const std::vector<WorldEvent>& events, const WorldLog::Reading& reading) {
  lock_trace::Recording recording;
  if (events.empty()) return recording;
  recording.begin_ns = reading.times.to_ns(events.front().ticks);
  recording.end_ns = reading.times.to_ns(events.back().ticks);
  std::map<std::uint32_t, lock_trace::ThreadEvents> threads;
  for (const WorldEvent& event : events) {
    lock_trace::ThreadEvents& thread = threads[event.thread];
    if (thread.events.empty()) {
      thread.os_id = event.thread;
      thread.name = reading.name_of(event.thread);
    }
    thread.events.push_back({.time_ns = reading.times.to_ns(event.ticks),
                             .value = event.value,
                             .kind = static_cast<EventKind>(event.kind),
                             .cpu = event.cpu});
  }
  for (auto& [number, thread] : threads) recording.threads.push_back(std::move(thread));
  return recording;
}

}  // namespace

/// How many of the first events end at a moment at which no thread is parked.
std::size_t WorldLog::quiet_end() const {
  std::set<std::uint32_t> parked;
  std::size_t quiet = 0;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    const auto kind = static_cast<EventKind>(events_[i].kind);
    if (kind == EventKind::park) {
      parked.insert(events_[i].thread);
    } else if (kind != EventKind::wake) {
      parked.erase(events_[i].thread);
      if (parked.empty()) quiet = i + 1;
    }
  }
  return quiet;
}

void WorldLog::fold(const Reading& reading, bool is_last) {
  // Threads add what they have done one after the other, and not in the order of their clocks.
  std::ranges::stable_sort(events_, {}, &WorldEvent::ticks);
  const std::size_t quiet = quiet_end();
  const auto end =
      static_cast<std::ptrdiff_t>(is_last || (quiet == 0 && events_.size() > kMuch) ? events_.size() : quiet);
  const std::vector<WorldEvent> whole(events_.begin(), events_.begin() + end);
  events_.erase(events_.begin(), events_.begin() + end);
  const lock_trace::Recording recording = recording_of(whole, reading);
  const lock_trace::Analysis analysis =
      lock_trace::analyse(recording, {recording.begin_ns, recording.end_ns}, reading.site_of);
  for (const lock_trace::WorldStop& stop : analysis.stops) by_reason_.add(stop);
  stops_ += analysis.stops.size();
}

}  // namespace harness::tracer
