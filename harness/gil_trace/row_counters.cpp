// harness/gil_trace/row_counters.cpp: sums, means and percentiles of a row's iterations.
#include "harness/gil_trace/row_counters.h"

#include <algorithm>

namespace harness::gil_trace {

void RowCounters::add(const Analysis& iteration) {
  ++iterations_;
  dropped_events_ += iteration.dropped_events;
  if (failure_.empty()) failure_ = iteration.failure;
  wall_ns_ += iteration.window.length_ns();
  GilUse use = iteration.total();
  held_ns_ += use.held_ns();
  longest_hold_ns_ = std::max(longest_hold_ns_, percentile(use.holds_ns, 100));
  use.holds_ns.clear();
  use_ += use;
  if (const auto fairness = iteration.fairness()) {
    fairness_sum_ += *fairness;
    ++fairness_count_;
  }
}

std::vector<std::pair<std::string, double>> RowCounters::counters() const {
  std::vector<std::pair<std::string, double>> counters;
  if (iterations_ == 0) return counters;
  const auto iterations = static_cast<double>(iterations_);
  const auto mean = [&](const char* name, auto sum) {
    counters.emplace_back(name, static_cast<double>(sum) / iterations);
  };
  const auto if_any = [&](const char* name, const std::vector<std::int64_t>& lengths_ns, double percent) {
    if (const auto value = percentile(lengths_ns, percent)) {
      counters.emplace_back(name, static_cast<double>(*value));
    }
  };
  if (failure_.empty()) {
    mean("gil_acquires", use_.acquires);
    mean("gil_releases", use_.releases);
    mean("gil_switches", use_.switches);
    if (use_.switches_same_core + use_.switches_other_core == use_.switches) {
      mean("gil_switches_same_core", use_.switches_same_core);
      mean("gil_switches_other_core", use_.switches_other_core);
    }
    mean("gil_forced_switches", use_.forced_switches);
    mean("gil_timeouts", use_.timeouts);
    mean("gil_wait_ns", use_.wait_ns());
    if_any("gil_wait_max_ns", use_.waits_ns, 100);
    if_any("gil_wait_p99_ns", use_.waits_ns, 99);
    mean("gil_held_ns", held_ns_);
    if (wall_ns_ > 0) {
      counters.emplace_back("gil_held_share", static_cast<double>(held_ns_) / static_cast<double>(wall_ns_));
    }
    if_any("gil_handoff_p50_ns", use_.handoffs_ns, 50);
    if_any("gil_handoff_p99_ns", use_.handoffs_ns, 99);
    if (fairness_count_ > 0) {
      counters.emplace_back("gil_fairness", fairness_sum_ / static_cast<double>(fairness_count_));
    }
    if (longest_hold_ns_)
      counters.emplace_back("gil_longest_hold_ns", static_cast<double>(*longest_hold_ns_));
  }
  mean("gil_dropped_events", dropped_events_);
  return counters;
}

}  // namespace harness::gil_trace
