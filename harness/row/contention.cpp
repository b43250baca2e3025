// harness/row/contention.cpp: the repetitions of a row as one.
#include "harness/row/contention.h"

#include <algorithm>
#include <map>
#include <utility>

namespace harness {
namespace {

constexpr std::size_t kMostSites = 10;

std::vector<ContentionSite> sites_of(const std::vector<Contention>& repetitions, double count) {
  std::map<std::pair<std::string, std::vector<std::string>>, ContentionSite> sums;
  for (const Contention& repetition : repetitions) {
    for (const ContentionSite& site : repetition.sites) {
      ContentionSite& sum = sums[{site.what, site.stack}];
      sum.what = site.what;
      sum.stack = site.stack;
      sum.parks += site.parks / count;
      sum.spins += site.spins / count;
      sum.park_ns += site.park_ns / count;
      sum.spin_ns += site.spin_ns / count;
    }
  }
  std::vector<ContentionSite> sites;
  for (auto& [key, site] : sums) sites.push_back(std::move(site));
  std::ranges::stable_sort(sites, std::ranges::greater{}, &ContentionSite::lost_ns);
  return sites;
}

std::vector<WorldStops> stops_of(const std::vector<Contention>& repetitions, double count) {
  std::map<std::string, WorldStops> sums;
  for (const Contention& repetition : repetitions) {
    for (const WorldStops& stops : repetition.stops) {
      WorldStops& sum = sums[stops.why];
      sum.why = stops.why;
      if (sum.requester.empty()) sum.requester = stops.requester;
      if (sum.last.empty()) sum.last = stops.last;
      sum.stops += stops.stops / count;
      // Times of all, until they are divided by their number below.
      sum.stopping_ns += stops.stopping_ns * stops.stops / count;
      sum.stopped_ns += stops.stopped_ns * stops.stops / count;
      sum.longest_ns = std::max(sum.longest_ns, stops.longest_ns);
    }
  }
  std::vector<WorldStops> all;
  for (auto& [why, sum] : sums) all.push_back(std::move(sum));
  std::ranges::stable_sort(all, std::ranges::greater{},
                           [](const WorldStops& of) { return of.stopping_ns + of.stopped_ns; });
  for (WorldStops& stops : all) {
    stops.stopping_ns /= stops.stops;
    stops.stopped_ns /= stops.stops;
  }
  return all;
}

}  // namespace

Contention mean_of(const std::vector<Contention>& repetitions, std::size_t count) {
  if (repetitions.empty() || count == 0) return {};
  const auto divisor = static_cast<double>(count);
  Contention mean{.sites = sites_of(repetitions, divisor), .stops = stops_of(repetitions, divisor)};
  for (const Contention& repetition : repetitions) {
    mean.lost_ns += repetition.lost_ns / divisor;
    mean.of_others = mean.of_others || repetition.of_others;
  }
  if (mean.sites.size() > kMostSites) mean.sites.resize(kMostSites);
  return mean;
}

}  // namespace harness
