// harness/run/contention_of.cpp: sums by what people read.
#include "harness/run/contention_of.h"

#include <algorithm>
#include <map>
#include <utility>

namespace harness {
namespace {

constexpr std::size_t kMostSites = 10;

/// What occurs most often.
std::string most_frequent(const std::map<std::string, int>& counts) {
  const auto most =
      std::ranges::max_element(counts, [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? "" : most->first;
}

}  // namespace

void StopsByReason::add(const lock_trace::WorldStop& stop) {
  auto& [sum, requesters, last] = sums_[stop.why];
  ++sum.stops;
  sum.stopping_ns += static_cast<double>(stop.stopped_ns - stop.asked_ns);
  sum.stopped_ns += static_cast<double>(stop.started_ns - stop.stopped_ns);
  sum.longest_ns = std::max(sum.longest_ns, stop.length_ns());
  ++requesters[stop.requester];
  if (!stop.last.empty()) ++last[stop.last];
}

std::vector<WorldStops> StopsByReason::per(double iterations) const {
  std::vector<WorldStops> reasons;
  for (const auto& [why, all] : sums_) {
    const auto& sum = all.sum;
    reasons.push_back({.why = why,
                       .requester = most_frequent(all.requesters),
                       .last = most_frequent(all.last),
                       .stops = sum.stops / iterations,
                       .stopping_ns = sum.stopping_ns / sum.stops,
                       .stopped_ns = sum.stopped_ns / sum.stops,
                       .longest_ns = sum.longest_ns});
  }
  std::ranges::stable_sort(reasons, std::ranges::greater{},
                           [](const WorldStops& of) { return of.stops * (of.stopping_ns + of.stopped_ns); });
  return reasons;
}

Contention contention_of(const lock_trace::RowCounters& counters, lock_trace::Sites& sites) {
  if (counters.iterations() == 0) return {};
  const auto iterations = static_cast<double>(counters.iterations());
  std::map<std::pair<std::string, std::vector<std::string>>, lock_trace::SiteUse> uses;
  for (const auto& [stack, use] : counters.sites()) {
    const lock_trace::Site& site = sites.of(stack);
    uses[{site.wait.what, site.stack}] += use;
  }
  Contention contention;
  for (const auto& [site, use] : uses) {
    const ContentionSite mean{.what = site.first,
                              .stack = site.second,
                              .parks = static_cast<double>(use.parks) / iterations,
                              .spins = static_cast<double>(use.yields) / iterations,
                              .park_ns = static_cast<double>(use.park_ns) / iterations,
                              .spin_ns = static_cast<double>(use.spin_ns) / iterations};
    contention.lost_ns += mean.lost_ns();
    contention.sites.push_back(mean);
  }
  std::ranges::stable_sort(contention.sites, std::ranges::greater{}, &ContentionSite::lost_ns);
  if (contention.sites.size() > kMostSites) contention.sites.resize(kMostSites);
  StopsByReason stops;
  for (const lock_trace::WorldStop& stop : counters.stops()) stops.add(stop);
  contention.stops = stops.per(iterations);
  return contention;
}

}  // namespace harness
