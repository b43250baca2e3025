// harness/compare/gain.cpp: how many times faster rows are than others of the same process.
#include "harness/compare/gain.h"

#include <algorithm>
#include <cmath>

namespace harness {

void add_gain(const Row* base, const Row& row, std::size_t machine, std::vector<RoundEffect>& gains) {
  if (base == nullptr || base == &row) return;
  const double gain = std::log(base->item_s() / row.item_s());
  if (std::isfinite(gain)) gains.push_back({.machine = machine, .effect = gain});
}

std::optional<Gain> gain_of(const std::vector<RoundEffect>& process_gains) {
  if (process_gains.empty()) return std::nullopt;
  const std::optional<MeanEstimate> estimate = estimate_over_machines(process_gains);
  return Gain{.times = std::exp(estimate ? estimate->mean : process_gains.front().effect),
              .estimate = estimate};
}

void set_intervals(std::span<Gain* const> gains, double confidence) {
  const double most_told = 2 * std::log(1000);  // a factor of a thousand to either side
  const auto judged =
      std::ranges::count_if(gains, [](const Gain* gain) { return gain->estimate.has_value(); });
  for (Gain* const gain : gains) {
    if (!gain->estimate) continue;
    const double doubt = (1 - confidence) / static_cast<double>(judged);
    const Interval interval = interval_of(*gain->estimate, 1 - doubt);
    if (interval.high - interval.low > most_told) continue;
    gain->interval = Interval{std::exp(interval.low), std::exp(interval.high)};
  }
}

}  // namespace harness
