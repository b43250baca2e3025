// harness/run/lock_timeline.cpp: parked, spinning and stopped spans in the lanes of threads; stops in the
// world's.
#include "harness/run/lock_timeline.h"

#include "harness/trace/timeline_format.h"

namespace harness {

using lock_trace::Span;
using lock_trace::WaitKind;

/// A name that lives as long as this.
const std::string& LockTimeline::kept(std::string_view kind, const std::string& what) {
  return *names_.insert(std::string(kind) + what).first;
}

void LockTimeline::add(const lock_trace::Recording& recording, const lock_trace::Analysis& analysis,
                       const lock_trace::SiteOf& site_of) {
  using namespace trace::timeline_format;
  constexpr std::size_t kMostEntries = 1'000'000;  // what a viewer still opens
  if (lanes_.entries.size() > kMostEntries) return;
  for (const lock_trace::ThreadWaits& waits : analysis.threads) {
    const auto& thread = recording.threads[waits.thread];
    lanes_.threads.emplace(thread.os_id, thread.name);
    for (const Span& span : waits.spans) {
      const lock_trace::Wait& wait = site_of(span.stack).wait;
      if (wait.kind == WaitKind::none) continue;
      const bool spins = span.kind == lock_trace::SpanKind::spinning;
      const std::string_view kind = spins ? kSpinning : wait.kind == WaitKind::world ? kStopped : kParked;
      lanes_.entries.push_back({.begin_ns = span.begin_ns,
                                .end_ns = span.end_ns,
                                .name = kept(kind, wait.kind == WaitKind::world ? "the world" : wait.what),
                                .process = kThreads,
                                .lane = thread.os_id,
                                .key = spins ? "yields" : "rounds",
                                .value = spins ? span.yields : span.rounds,
                                .cpu = span.begin_cpu,
                                .end_cpu = span.end_cpu,
                                .begin_is_cut = span.begin_is_cut,
                                .end_is_cut = span.end_is_cut});
    }
  }
  for (const lock_trace::WorldStop& stop : analysis.stops) {
    lanes_.entries.push_back({.begin_ns = stop.asked_ns,
                              .end_ns = stop.started_ns,
                              .name = kept(kStopped, stop.why + ", asked by " + stop.requester),
                              .process = kWorld,
                              .lane = 0,
                              .key = "stopping_ns",
                              .value = stop.stopped_ns - stop.asked_ns});
  }
}

void LockTimeline::add_to(trace::Lanes& lanes) const {
  lanes.entries.insert(lanes.entries.end(), lanes_.entries.begin(), lanes_.entries.end());
  lanes.threads.insert(lanes_.threads.begin(), lanes_.threads.end());
}

}  // namespace harness
