// harness/lock_trace/row_counters.cpp: sums over iterations, divided by their number.
#include "harness/lock_trace/row_counters.h"

#include <algorithm>
#include <numeric>

#include "harness/trace/percentile.h"

namespace harness::lock_trace {

void RowCounters::add(Analysis iteration) {
  ++iterations_;
  parks_ns_.insert(parks_ns_.end(), iteration.lock_parks_ns.begin(), iteration.lock_parks_ns.end());
  yields_ += iteration.lock_yields;
  spin_ns_ += iteration.lock_spin_ns;
  bursts_ += iteration.lock_bursts;
  bursts_parked_ += iteration.lock_bursts_parked;
  semaphore_waits_ += iteration.semaphore_waits;
  dropped_events_ += iteration.dropped_events;
  for (const auto& [stack, use] : iteration.sites) sites_[stack] += use;
  std::ranges::move(iteration.stops, std::back_inserter(stops_));
  if (failure_.empty()) failure_ = iteration.failure;
}

std::vector<std::pair<std::string, double>> RowCounters::counters() const {
  if (iterations_ == 0) return {};
  const auto mean = [&](auto sum) { return static_cast<double>(sum) / static_cast<double>(iterations_); };
  if (!failure_.empty()) return {{"lock_dropped_events", mean(dropped_events_)}};
  std::vector<std::int64_t> stops_ns;
  for (const WorldStop& stop : stops_) stops_ns.push_back(stop.length_ns());
  std::vector<std::pair<std::string, double>> counters;
  const auto add_lengths = [&](const std::string& name, const std::vector<std::int64_t>& lengths_ns) {
    counters.emplace_back(name + "_ns", mean(std::reduce(lengths_ns.begin(), lengths_ns.end())));
    if (lengths_ns.empty()) return;
    counters.emplace_back(name + "_max_ns", static_cast<double>(std::ranges::max(lengths_ns)));
    counters.emplace_back(name + "_p99_ns", static_cast<double>(*trace::percentile(lengths_ns, 99)));
  };
  counters.emplace_back("lock_parks", mean(parks_ns_.size()));
  add_lengths("lock_park", parks_ns_);
  counters.emplace_back("lock_spins", mean(yields_));
  counters.emplace_back("lock_spin_ns", mean(spin_ns_));
  counters.emplace_back("lock_bursts", mean(bursts_));
  counters.emplace_back("lock_bursts_parked", mean(bursts_parked_));
  counters.emplace_back("world_stops", mean(stops_ns.size()));
  add_lengths("world_stop", stops_ns);
  counters.emplace_back("semaphore_waits", mean(semaphore_waits_));
  counters.emplace_back("lock_dropped_events", mean(dropped_events_));
  return counters;
}

}  // namespace harness::lock_trace
