// harness/tracer/summary.cpp: slots added up, ticks as times, stacks as names.
#include "harness/tracer/summary.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "harness/system/text.h"
#include "harness/tracer/culprit.h"
#include "harness/tracer/system_calls.h"

namespace harness::tracer {
namespace {

using lock_trace::WaitKind;

/// The innermost that is not the standard library's; the innermost of all where there is none.
std::string caller_of(const std::vector<PythonFrame>& frames) {
  if (frames.empty()) return "";
  const auto own = std::ranges::find_if_not(frames, is_of_library);
  return in_words(own == frames.end() ? frames.front() : *own);
}

std::vector<std::string> in_full(const std::vector<PythonFrame>& frames) {
  std::vector<std::string> stack;
  for (const PythonFrame& frame : frames) {
    stack.push_back(printable(frame.function + " (" + frame.file + ":" + std::to_string(frame.line) + ")"));
  }
  return stack;
}

class Summing {
 public:
  Summing(TraceMemory& memory, Watcher& watcher, trace::ClockAnchor end)
      : memory_(memory),
        watcher_(watcher),
        end_(end),
        begin_(memory.attached_at),
        ns_per_tick_(end.ticks > begin_.ticks ? static_cast<double>(end.ns - begin_.ns) /
                                                    static_cast<double>(end.ticks - begin_.ticks)
                                              : 1) {}

  Summary run(const ProgramFacts& program) {
    summary_.program = program;
    summary_.traced_ns = end_.ns - begin_.ns;
    summary_.threads_ever = memory_.threads_ever.load();
    summary_.long_hold_ns = memory_.settings.long_hold_ns;
    for (const ThreadRecord& thread : watcher_.threads()) {
      names_[thread.slot->number] = name_of(*thread.slot, program.process);
    }
    for (const ThreadRecord& thread : watcher_.threads()) add_thread(thread);
    for (std::uint32_t i = 0; i < memory_.gils_taken.load(); ++i) add_gil(memory_.gils[i]);
    std::ranges::sort(summary_.gils, {}, &GilSummary::number);
    if (const auto several = uses_.find(kSeveralGils); several != uses_.end()) {
      summary_.gils.push_back({.use = several->second, .is_of_several = true});
    }
    add_sites();
    add_long_holds();
    std::ranges::sort(summary_.long_waits, std::ranges::greater{}, &LongWaitSummary::length_ns);
    constexpr std::size_t kMostWaits = 10;
    if (summary_.long_waits.size() > kMostWaits) summary_.long_waits.resize(kMostWaits);
    if (program.knows_world) summary_.stops = watcher_.world().by_reason().per(1);
    return std::move(summary_);
  }

 private:
  std::int64_t ns(Ticks length) const {
    return static_cast<std::int64_t>(static_cast<double>(length) * ns_per_tick_);
  }

  GilUse use_of(const GilTotals& totals) const {
    return {.acquires = totals.acquires,
            .releases = totals.releases,
            .waits = totals.waits,
            .timeouts = totals.timeouts,
            .forced_switches = totals.forced_switches,
            .held_ns = ns(totals.held),
            .waited_ns = ns(totals.waited),
            .longest_hold_ns = ns(totals.longest_hold),
            .longest_wait_ns = ns(totals.longest_wait)};
  }

  /// What had not ended when the program did.
  GilUse open_use_of(const ThreadSlot& slot, std::uint32_t& gil) const {
    GilUse use;
    if (slot.ended_at != 0) return use;
    if (slot.held_gil != 0) {
      const GilState& state = memory_.gils[slot.held_gil - 1];
      gil = state.number;
      use.held_ns = use.longest_hold_ns = ns(end_.ticks - state.acquired_at.load());
    } else if (slot.waiting_gil != 0) {
      gil = memory_.gils[slot.waiting_gil - 1].number;
      use.waits = 1;
      use.waited_ns = use.longest_wait_ns = ns(end_.ticks - slot.wait_began);
    }
    return use;
  }

  void add_thread(const ThreadRecord& record) {
    const ThreadSlot& slot = *record.slot;
    ThreadSummary thread{
        .name = names_[slot.number], .os_id = slot.os_id.load(), .threads = record.threads()};
    if (record.threads() > 1) {
      thread.name = std::to_string(record.threads()) + " threads that came and went";
      thread.os_id = 0;
    }
    thread.alive_ns = ns(slot.alive_before + (slot.ended_at != 0 ? slot.ended_at : end_.ticks) - slot.began);
    for (const GilTotals& totals : slot.gils) {
      if (totals.gil == 0) continue;
      thread.gils.emplace_back(totals.gil, use_of(totals));
    }
    std::uint32_t open_gil = 0;
    const GilUse open = open_use_of(slot, open_gil);
    for (auto& [gil, use] : thread.gils) {
      if (gil == open_gil) use += open;
      thread.gil += use;
    }
    thread.wait_p50_ns = ns(slot.waits.percentile(50));
    thread.wait_p99_ns = ns(slot.waits.percentile(99));
    thread.hold_p50_ns = ns(slot.holds.percentile(50));
    thread.hold_p99_ns = ns(slot.holds.percentile(99));
    add_waits(slot, thread);
    for (const LongWait& wait : slot.longest_waits) {
      if (wait.length != 0) add_long_wait(thread.name, wait);
    }
    if (slot.waiting_gil != 0 && slot.ended_at == 0) {
      add_long_wait(
          thread.name,
          {.length = end_.ticks - slot.wait_began, .began = slot.wait_began, .holder = slot.holder_at_wait});
    }
    for (const auto& [gil, use] : thread.gils) uses_[gil] += use;
    summary_.threads.push_back(std::move(thread));
  }

  void add_long_wait(const std::string& thread, const LongWait& wait) {
    const auto holder = names_.find(wait.holder);
    summary_.long_waits.push_back({.thread = thread,
                                   .holder = holder == names_.end() ? "" : holder->second,
                                   .length_ns = ns(wait.length),
                                   .began_ns = ns(wait.began - begin_.ticks)});
  }

  void add_waits(const ThreadSlot& slot, ThreadSummary& thread) {
    for (const SiteTotals& site : slot.sites) add_site(site, thread);
    // What had not ended.
    const bool lives = slot.ended_at == 0;
    if (lives && slot.park_began != 0) {
      const Ticks length = end_.ticks - slot.park_began;
      add_site({.stack = slot.parked_at,
                .parks = 1,
                .yields = 0,
                .parked = length,
                .spinning = 0,
                .longest_park = length},
               thread);
    }
    if (slot.burst_caller != 0) {
      add_site({.stack = slot.burst_at,
                .parks = 0,
                .yields = slot.burst_yields,
                .parked = 0,
                .spinning = slot.burst_ended - slot.burst_began,
                .longest_park = 0},
               thread);
    }
  }

  void add_site(const SiteTotals& site, ThreadSummary& thread) {
    if (site.parks == 0 && site.yields == 0) return;
    const lock_trace::Site& place = watcher_.sites().of(site.stack);
    if (place.wait.kind == WaitKind::none) return;
    SiteSummary& sum = sites_[{place.wait.what, place.stack}];
    sum.parks += site.parks;
    sum.yields += site.yields;
    sum.parked_ns += ns(site.parked);
    sum.spinning_ns += ns(site.spinning);
    sum.longest_park_ns = std::max(sum.longest_park_ns, ns(site.longest_park));
    thread.parks += site.parks;
    thread.yields += site.yields;
    thread.parked_ns += ns(site.parked);
    thread.spinning_ns += ns(site.spinning);
    const bool stops = place.wait.kind == WaitKind::world || place.wait.kind == WaitKind::request;
    if (stops) thread.stopped_ns += ns(site.parked);
    if (place.wait.kind == WaitKind::lock) thread.locks_ns += ns(site.parked);
  }

  void add_gil(const GilState& gil) {
    if (uses_[gil.number].acquires == 0) return;  // it is among several
    summary_.gils.push_back(
        {.number = gil.number,
         .use = uses_[gil.number],
         .switches = gil.switches,
         .handoffs = gil.handoffs,
         .handoff_mean_ns =
             gil.handoffs == 0 ? 0 : ns(gil.handed_off) / static_cast<std::int64_t>(gil.handoffs),
         .contradictions = gil.contradictions});
  }

  void add_sites() {
    for (auto& [where, sum] : sites_) {
      sum.what = where.first;
      sum.stack = where.second;
      summary_.sites.push_back(std::move(sum));
    }
    std::ranges::stable_sort(summary_.sites, std::ranges::greater{},
                             [](const SiteSummary& site) { return site.parked_ns + site.spinning_ns; });
  }

  void add_long_holds() {
    for (const auto& [place, totals] : watcher_.long_holds()) {
      LongHoldSummary hold{.system_call = place.system_call < 0 ? "" : name_of_system_call(place.system_call),
                           .had_no_core = place.had_no_core,
                           .python = caller_of(place.python),
                           .python_stack = in_full(place.python),
                           .stack = watcher_.sites().names_of(place.stack),
                           .count = totals.count,
                           .total_ns = ns(totals.total),
                           .longest_ns = ns(totals.longest)};
      const Culprit culprit =
          place.is_python ? Culprit{kPythonCode, ""} : culprit_of(hold.stack, place.system_call >= 0);
      hold.function = culprit.function;
      hold.library = culprit.library;
      if (hold.library.empty() && !hold.function.empty()) hold.library = watcher_.sites().library();
      // Different addresses in one function read alike, and so does one whose line of Python is not known.
      const auto known = std::ranges::find_if(summary_.long_holds, [&](const LongHoldSummary& other) {
        const bool same_line = other.python == hold.python || other.python.empty() || hold.python.empty();
        return other.function == hold.function && other.library == hold.library &&
               other.system_call == hold.system_call && other.had_no_core == hold.had_no_core && same_line;
      });
      if (known == summary_.long_holds.end()) {
        summary_.long_holds.push_back(std::move(hold));
        continue;
      }
      if (known->python.empty()) {
        known->python = hold.python;
        known->python_stack = hold.python_stack;
      }
      known->count += hold.count;
      known->total_ns += hold.total_ns;
      known->longest_ns = std::max(known->longest_ns, hold.longest_ns);
    }
    std::ranges::stable_sort(summary_.long_holds, std::ranges::greater{}, &LongHoldSummary::total_ns);
  }

  TraceMemory& memory_;
  Watcher& watcher_;
  const trace::ClockAnchor end_;
  const trace::ClockAnchor begin_;
  const double ns_per_tick_;
  Summary summary_;
  std::map<std::uint32_t, std::string> names_;  // of threads, by number
  std::map<std::uint32_t, GilUse> uses_;        // of GILs, by number
  std::map<std::pair<std::string, std::vector<std::string>>, SiteSummary> sites_;
};

}  // namespace

GilUse& GilUse::operator+=(const GilUse& other) {
  acquires += other.acquires;
  releases += other.releases;
  waits += other.waits;
  timeouts += other.timeouts;
  forced_switches += other.forced_switches;
  held_ns += other.held_ns;
  waited_ns += other.waited_ns;
  longest_hold_ns = std::max(longest_hold_ns, other.longest_hold_ns);
  longest_wait_ns = std::max(longest_wait_ns, other.longest_wait_ns);
  return *this;
}

Summary summary_of(TraceMemory& memory, Watcher& watcher, trace::ClockAnchor end,
                   const ProgramFacts& program) {
  return Summing(memory, watcher, end).run(program);
}

}  // namespace harness::tracer
