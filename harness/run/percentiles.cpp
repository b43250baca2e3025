// harness/run/percentiles.cpp: samples of a row, as counters of it.
#include "harness/run/percentiles.h"

#include <algorithm>
#include <vector>

#include "harness/trace/percentile.h"

namespace harness {

void add_percentiles(Counters& counters, const std::string& name, std::span<const std::int64_t> samples_ns) {
  if (samples_ns.empty()) return;
  const std::vector<std::int64_t> samples(samples_ns.begin(), samples_ns.end());
  for (const int percent : {50, 90, 99}) {
    counters[name + "_p" + std::to_string(percent) + "_ns"] =
        static_cast<double>(*trace::percentile(samples, percent));
  }
  counters[name + "_max_ns"] = static_cast<double>(std::ranges::max(samples));
}

}  // namespace harness
