// harness/compare/blocks.cpp: effects that were measured in rounds on several machines.
#include "harness/compare/blocks.h"

#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <map>
#include <numeric>

namespace harness {

namespace {

std::map<std::size_t, std::vector<double>> values_by_machine(std::span<const RoundEffect> effects) {
  std::map<std::size_t, std::vector<double>> machines;
  for (const RoundEffect& round : effects) machines[round.machine].push_back(round.effect);
  return machines;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double squares_around(double mean, const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum;
}

}  // namespace

std::vector<MachineEffect> effects_by_machine(std::span<const RoundEffect> effects) {
  std::vector<MachineEffect> machines;
  for (const auto& [number, values] : values_by_machine(effects)) {
    const auto estimate = estimate_trimmed_mean(values);  // nothing of one round
    machines.push_back(
        {.machine = number, .rounds = values.size(), .mean = estimate ? estimate->mean : values.front()});
  }
  return machines;
}

std::optional<MeanEstimate> estimate_over_machines(std::span<const RoundEffect> effects) {
  const std::vector<MachineEffect> machines = effects_by_machine(effects);
  std::vector<double> values;
  if (machines.size() > 1) {
    for (const MachineEffect& machine : machines) values.push_back(machine.mean);
    return estimate_mean(values);
  }
  for (const RoundEffect& round : effects) values.push_back(round.effect);
  return estimate_trimmed_mean(values);
}

std::optional<double> probability_of_one_effect(std::span<const RoundEffect> effects) {
  const auto machines = values_by_machine(effects);
  if (std::ranges::count_if(machines, [](const auto& machine) { return machine.second.size() > 1; }) < 2)
    return std::nullopt;
  double mean = 0;
  for (const RoundEffect& round : effects) mean += round.effect / static_cast<double>(effects.size());
  double between = 0, within = 0;
  for (const auto& [number, values] : machines) {
    const double own = mean_of(values);
    between += static_cast<double>(values.size()) * (own - mean) * (own - mean);
    within += squares_around(own, values);
  }
  const auto between_degrees = static_cast<double>(machines.size() - 1);
  const auto within_degrees = static_cast<double>(effects.size() - machines.size());
  if (!(within > 0)) return between > 0 ? 0 : 1;  // the ratio of the two has no value
  return boost::math::cdf(boost::math::complement(boost::math::fisher_f(between_degrees, within_degrees),
                                                  (between / between_degrees) / (within / within_degrees)));
}

}  // namespace harness
