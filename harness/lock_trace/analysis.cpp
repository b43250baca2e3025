// harness/lock_trace/analysis.cpp: spans counted, by where they were.
#include "harness/lock_trace/analysis.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "harness/lock_trace/world.h"

namespace harness::lock_trace {
namespace {

bool has(Window window, std::int64_t time_ns) {
  return window.begin_ns <= time_ns && time_ns <= window.end_ns;
}

std::int64_t length_within(Window window, const Span& span) {
  return std::min(span.end_ns, window.end_ns) - std::max(span.begin_ns, window.begin_ns);
}

/// Whether its time is a lock's: what is not known is taken for one, since most are.
bool is_lock(WaitKind kind) {
  return kind == WaitKind::lock || kind == WaitKind::unknown;
}

// From the last yield to the park there is little to do: a thread that is away for longer may have got the
// lock.
constexpr std::int64_t kParksAtOnce_ns = 50'000;

void count_bursts(Analysis& analysis, const std::vector<Span>& spans, const SiteOf& site_of) {
  for (auto span = spans.begin(); span != spans.end(); ++span) {
    const Wait& wait = site_of(span->stack).wait;
    const bool begins = has(analysis.window, span->begin_ns) && !span->begin_is_cut;
    if (span->kind != SpanKind::spinning || !begins || !is_lock(wait.kind)) continue;
    ++analysis.lock_bursts;
    const auto next = std::next(span);
    if (next == spans.end() || next->kind != SpanKind::parked) continue;
    const bool follows =
        next->begin_ns - span->end_ns <= kParksAtOnce_ns && site_of(next->stack).wait == wait;
    analysis.lock_bursts_parked += follows;
  }
}

void count(Analysis& analysis, const Span& span, const Site& site) {
  const std::int64_t length_ns = length_within(analysis.window, span);
  if (length_ns < 0 || site.wait.kind == WaitKind::none) return;
  const bool begins = has(analysis.window, span.begin_ns) && !span.begin_is_cut;
  SiteUse& use = analysis.sites[span.stack];
  if (span.kind == SpanKind::parked) {
    use.parks += begins;
    use.park_ns += length_ns;
    if (is_lock(site.wait.kind)) analysis.lock_parks_ns.push_back(length_ns);
  } else {
    const std::uint64_t yields = begins ? span.yields : 0;
    use.yields += yields;
    use.spin_ns += length_ns;
    analysis.lock_yields += yields;
    analysis.lock_spin_ns += length_ns;
  }
}

}  // namespace

SiteUse& SiteUse::operator+=(const SiteUse& other) {
  parks += other.parks;
  yields += other.yields;
  park_ns += other.park_ns;
  spin_ns += other.spin_ns;
  return *this;
}

Analysis analyse(const Recording& recording, Window window, const SiteOf& site_of) {
  Analysis analysis;
  analysis.window = window;
  analysis.dropped_events = recording.dropped_events();
  const WaitOf wait_of = [&](StackNumber stack) -> const Wait& { return site_of(stack).wait; };
  for (std::size_t thread = 0; thread < recording.threads.size(); ++thread) {
    const ThreadEvents& events = recording.threads[thread];
    for (const Event& event : events.events) {
      const bool waits = event.kind == EventKind::at_once || event.kind == EventKind::park;
      analysis.semaphore_waits += waits && has(window, event.time_ns);
    }
    ThreadSpans spans = spans_of(events, recording.begin_ns, recording.end_ns, wait_of);
    if (spans.fault && analysis.failure.empty()) {
      analysis.failure = "thread \"" + events.name + "\" " + *spans.fault;
    }
    for (const Span& span : spans.spans) count(analysis, span, site_of(span.stack));
    count_bursts(analysis, spans.spans, site_of);
    analysis.threads.push_back({thread, std::move(spans.spans)});
  }
  analysis.stops = stops_of(recording, analysis.threads, window, site_of);
  return analysis;
}

}  // namespace harness::lock_trace
