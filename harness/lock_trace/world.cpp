// harness/lock_trace/world.cpp: whom a thread waited for before it stopped the world, and whom it woke after.
#include "harness/lock_trace/world.h"

#include <algorithm>
#include <optional>

namespace harness::lock_trace {
namespace {

/// The world going on: one thread wakes those whom it had kept, one right after the other.
struct Restart {
  std::size_t thread;
  StackNumber stack;
  std::int64_t first_ns;
};

/// A park of a thread, for a stopped world or for being allowed to stop it.
struct Park {
  std::size_t thread;
  Span span;
};

/// Those of `parks` that a thread waits in at that moment.
std::size_t parked_at(const std::vector<Park>& parks, std::int64_t time_ns) {
  return static_cast<std::size_t>(std::ranges::count_if(
      parks, [&](const Park& park) { return park.span.begin_ns <= time_ns && time_ns <= park.span.end_ns; }));
}

/// `kept`: by a stopped world. A restart wakes each of them once, so what comes beyond is another one.
std::vector<Restart> restarts_of(const Recording& recording, const std::vector<Park>& kept,
                                 const SiteOf& site_of) {
  std::vector<Restart> restarts;
  for (std::size_t thread = 0; thread < recording.threads.size(); ++thread) {
    std::size_t left = 0;  // that the last restart may still wake
    for (const Event& event : recording.threads[thread].events) {
      const bool starts = event.kind == EventKind::wake && site_of(event.value).starts_world;
      if (starts && left == 0) {
        restarts.push_back({thread, event.value, event.time_ns});
        left = std::max<std::size_t>(parked_at(kept, event.time_ns), 1);
      }
      left = starts ? left - 1 : 0;
    }
  }
  std::ranges::sort(restarts, {}, &Restart::first_ns);
  return restarts;
}

std::vector<Park> parks_of(const std::vector<ThreadWaits>& threads, WaitKind kind, const SiteOf& site_of) {
  std::vector<Park> parks;
  for (const ThreadWaits& waits : threads) {
    for (const Span& span : waits.spans) {
      if (span.kind == SpanKind::parked && site_of(span.stack).wait.kind == kind) {
        parks.push_back({waits.thread, span});
      }
    }
  }
  std::ranges::sort(parks, {}, [](const Park& park) { return park.span.begin_ns; });
  return parks;
}

class StopFinder {
 public:
  StopFinder(const Recording& recording, const std::vector<ThreadWaits>& threads, const SiteOf& site_of)
      : recording_(recording),
        site_of_(site_of),
        requests_(parks_of(threads, WaitKind::request, site_of)),
        kept_(parks_of(threads, WaitKind::world, site_of)),
        used_(requests_.size()) {}

  std::vector<WorldStop> find() {
    std::vector<WorldStop> stops;
    std::int64_t last_restart_ns = recording_.begin_ns;
    for (const Restart& restart : restarts_of(recording_, kept_, site_of_)) {
      stops.push_back(stop_before(restart, last_restart_ns));
      last_restart_ns = restart.first_ns;
    }
    // Who had to wait for others, and then woke nobody, since they had all detached: its end is not seen.
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      const Span& span = requests_[i].span;
      if (used_[i] || span.end_is_cut) continue;
      stops.push_back({.asked_ns = span.begin_ns,
                       .stopped_ns = span.end_ns,
                       .started_ns = span.end_ns,
                       .requester = name(requests_[i].thread),
                       .why = site_of_(span.stack).wait.why});
    }
    std::ranges::sort(stops, {}, &WorldStop::asked_ns);
    return stops;
  }

 private:
  const std::string& name(std::size_t thread) const { return recording_.threads[thread].name; }

  WorldStop stop_before(const Restart& restart, std::int64_t last_restart_ns) {
    WorldStop stop{.started_ns = restart.first_ns,
                   .requester = name(restart.thread),
                   .why = site_of_(restart.stack).why_started};
    std::optional<std::int64_t> first_ns, last_ns;
    for (const Park& park : kept_) {
      const bool was_kept = park.span.begin_ns <= restart.first_ns && park.span.end_ns >= restart.first_ns;
      if (!was_kept || park.thread == restart.thread) continue;
      ++stop.threads;
      first_ns = std::min(first_ns.value_or(park.span.begin_ns), park.span.begin_ns);
      if (!last_ns || park.span.begin_ns >= *last_ns) {
        last_ns = park.span.begin_ns;
        stop.last = name(park.thread);
      }
    }
    stop.asked_ns = first_ns.value_or(restart.first_ns);
    stop.stopped_ns = last_ns.value_or(restart.first_ns);
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      const Park& request = requests_[i];
      if (request.thread != restart.thread || request.span.end_ns > restart.first_ns ||
          request.span.begin_ns < last_restart_ns) {
        continue;
      }
      stop.asked_ns = std::min(stop.asked_ns, request.span.begin_ns);
      stop.stopped_ns = request.span.end_ns;
      used_[i] = true;
    }
    return stop;
  }

  const Recording& recording_;
  const SiteOf& site_of_;
  const std::vector<Park> requests_;
  const std::vector<Park> kept_;
  std::vector<bool> used_;
};

}  // namespace

std::vector<WorldStop> stops_of(const Recording& recording, const std::vector<ThreadWaits>& threads,
                                Window window, const SiteOf& site_of) {
  std::vector<WorldStop> stops = StopFinder(recording, threads, site_of).find();
  std::erase_if(stops, [&](const WorldStop& stop) {
    return stop.asked_ns < window.begin_ns || stop.asked_ns > window.end_ns;
  });
  return stops;
}

}  // namespace harness::lock_trace
