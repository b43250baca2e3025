// harness/gil_trace/analysis.cpp: spans counted, and put side by side.
#include "harness/gil_trace/analysis.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "harness/gil_trace/spans.h"

namespace harness::gil_trace {
namespace {

// Of lengths, none of which is negative. A timeline may say of hundreds of threads that each held for years:
// what no number holds is as much as one does.
void add_to(std::int64_t& sum, std::int64_t length_ns) {
  if (__builtin_add_overflow(sum, length_ns, &sum)) sum = std::numeric_limits<std::int64_t>::max();
}

// One hold among those of all threads. `waited`: it ended a wait.
struct Hold {
  Span span;
  std::size_t thread;
  bool waited;
};

using UseOf = std::map<std::pair<std::size_t, GilId>, GilUse>;

class Analyser {
 public:
  Analyser(const Recording& recording, Window window, const CoreMap& cores)
      : recording_(recording), window_(window), cores_(cores) {}

  Analysis run() {
    for (std::size_t thread = 0; thread < recording_.threads.size(); ++thread) add_thread(thread);
    for (auto& [gil, holds] : holds_) compare_holds(gil, holds);
    Analysis analysis{
        .window = window_, .uses = {}, .dropped_events = recording_.dropped_events(), .failure = {}};
    for (auto& [who, use] : uses_) analysis.uses.push_back({who.first, who.second, std::move(use)});
    analysis.failure = std::move(failure_);
    analysis.present_ns = present_ns_;
    return analysis;
  }

 private:
  bool within(std::int64_t time_ns) const { return window_.begin_ns <= time_ns && time_ns <= window_.end_ns; }

  // The part of the span within the window. Nothing if it only touches it, unless it has no length itself.
  std::optional<std::int64_t> length_within(const Span& span) const {
    const std::int64_t begin_ns = std::max(span.begin_ns, window_.begin_ns);
    const std::int64_t end_ns = std::min(span.end_ns, window_.end_ns);
    if (begin_ns < end_ns || (begin_ns == end_ns && span.length_ns() == 0)) return end_ns - begin_ns;
    return std::nullopt;
  }

  void add_thread(std::size_t thread) {
    const ThreadEvents& events = recording_.threads[thread];
    for (const Event& event : events.events) {
      if (event.kind == EventKind::timeout && within(event.time_ns)) ++uses_[{thread, event.gil}].timeouts;
    }
    const ThreadSpans spans = spans_of(events, recording_.begin_ns, recording_.end_ns);
    if (spans.fault) fail("thread \"" + events.name + "\" " + *spans.fault);
    std::map<GilId, std::int64_t> wait_ended_ns;
    std::int64_t first_ns = window_.end_ns;
    std::int64_t last_ns = window_.begin_ns;
    for (const Span& span : spans.spans) {
      first_ns = std::min(first_ns, std::max(span.begin_ns, window_.begin_ns));
      last_ns = std::max(last_ns, std::min(span.end_ns, window_.end_ns));
      if (span.kind == SpanKind::wait && !span.end_is_cut) wait_ended_ns[span.gil] = span.end_ns;
      if (span.kind == SpanKind::hold) {
        const auto wait = wait_ended_ns.find(span.gil);
        const bool waited =
            wait != wait_ended_ns.end() && wait->second == span.begin_ns && !span.begin_is_cut;
        holds_[span.gil].push_back({span, thread, waited});
      }
      count(thread, span);
    }
    if (first_ns < last_ns) add_to(present_ns_, last_ns - first_ns);
  }

  void count(std::size_t thread, const Span& span) {
    const auto length_ns = length_within(span);
    const bool begins = within(span.begin_ns) && !span.begin_is_cut;
    const bool ends = within(span.end_ns) && !span.end_is_cut;
    if (!length_ns && !begins && !ends) return;
    GilUse& use = uses_[{thread, span.gil}];
    switch (span.kind) {
      case SpanKind::hold:
        use.acquires += begins;
        use.releases += ends;
        if (length_ns) use.holds_ns.push_back(*length_ns);
        break;
      case SpanKind::wait:
        if (length_ns) use.waits_ns.push_back(*length_ns);
        break;
      case SpanKind::yield:
        use.forced_switches += begins;
        break;
    }
  }

  // Holds of one GIL, of all threads, in the order of their acquires.
  void compare_holds(GilId gil, std::vector<Hold>& holds) {
    std::ranges::stable_sort(holds, {}, [](const Hold& hold) { return hold.span.begin_ns; });
    for (std::size_t i = 1; i < holds.size(); ++i) {
      const Hold& last = holds[i - 1];
      const Hold& next = holds[i];
      const std::int64_t gap_ns = next.span.begin_ns - last.span.end_ns;
      if (gap_ns < 0) {
        fail("threads " + name(last) + " and " + name(next) + " held GIL " + std::to_string(gil) +
             " at once, for " + std::to_string(-gap_ns) + " ns");
      }
      if (!within(next.span.begin_ns) || next.span.begin_is_cut) continue;
      GilUse& use = uses_[{next.thread, gil}];
      if (next.thread != last.thread) count_switch(use, last.span.end_cpu, next.span.begin_cpu);
      if (next.waited && !last.span.end_is_cut) use.handoffs_ns.push_back(gap_ns);
    }
  }

  void count_switch(GilUse& use, trace::CpuNumber from, trace::CpuNumber to) const {
    ++use.switches;
    const auto same = cores_.share_core(from, to);
    use.switches_same_core += same == true;
    use.switches_other_core += same == false;
  }

  std::string name(const Hold& hold) const { return "\"" + recording_.threads[hold.thread].name + "\""; }

  void fail(const std::string& finding) {
    if (failure_.empty()) failure_ = "the GIL trace contradicts itself: " + finding;
  }

  const Recording& recording_;
  Window window_;
  const CoreMap& cores_;
  UseOf uses_;
  std::map<GilId, std::vector<Hold>> holds_;
  std::int64_t present_ns_ = 0;
  std::string failure_;
};

std::int64_t sum(const std::vector<std::int64_t>& values) {
  std::int64_t sum = 0;
  for (const std::int64_t value : values) add_to(sum, value);
  return sum;
}

void append(std::vector<std::int64_t>& to, const std::vector<std::int64_t>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

std::int64_t GilUse::held_ns() const {
  return sum(holds_ns);
}

std::int64_t GilUse::wait_ns() const {
  return sum(waits_ns);
}

GilUse& GilUse::operator+=(const GilUse& other) {
  acquires += other.acquires;
  releases += other.releases;
  switches += other.switches;
  switches_same_core += other.switches_same_core;
  switches_other_core += other.switches_other_core;
  forced_switches += other.forced_switches;
  timeouts += other.timeouts;
  append(holds_ns, other.holds_ns);
  append(waits_ns, other.waits_ns);
  append(handoffs_ns, other.handoffs_ns);
  return *this;
}

GilUse Analysis::total() const {
  GilUse total;
  for (const ThreadUse& use : uses) total += use.use;
  return total;
}

GilUse Analysis::of_gil(GilId gil) const {
  GilUse total;
  for (const ThreadUse& use : uses) {
    if (use.gil == gil) total += use.use;
  }
  return total;
}

std::size_t Analysis::threads() const {
  std::set<std::size_t> threads;
  for (const ThreadUse& use : uses) threads.insert(use.thread);
  return threads.size();
}

GilUse Analysis::of_thread(std::size_t thread) const {
  GilUse total;
  for (const ThreadUse& use : uses) {
    if (use.thread == thread) total += use.use;
  }
  return total;
}

std::vector<GilId> Analysis::gils() const {
  std::vector<GilId> gils;
  for (const ThreadUse& use : uses) gils.push_back(use.gil);
  std::ranges::sort(gils);
  gils.erase(std::unique(gils.begin(), gils.end()), gils.end());
  return gils;
}

std::optional<double> Analysis::fairness() const {
  std::map<std::size_t, double> held_of;
  for (const ThreadUse& use : uses) held_of[use.thread] += static_cast<double>(use.use.held_ns());
  double total = 0;
  double squares = 0;
  for (const auto& [thread, held] : held_of) {
    total += held;
    squares += held * held;
  }
  if (squares == 0) return std::nullopt;
  return total * total / (static_cast<double>(held_of.size()) * squares);
}

Analysis analyse(const Recording& recording, Window window, const CoreMap& cores) {
  return Analyser(recording, window, cores).run();
}

}  // namespace harness::gil_trace
