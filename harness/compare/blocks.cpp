// harness/compare/blocks.cpp: effects that were measured in rounds on several machines.
#include "harness/compare/blocks.h"

#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <map>

namespace harness {

std::vector<MachineEffect> effects_by_machine(std::span<const RoundEffect> effects) {
  std::map<std::size_t, MachineEffect> machines;
  for (const RoundEffect& round : effects) {
    MachineEffect& machine = machines[round.machine];
    machine.machine = round.machine;
    ++machine.rounds;
    machine.mean += round.effect;  // a sum, until all are there
  }
  std::vector<MachineEffect> result;
  for (auto& [number, machine] : machines) {
    machine.mean /= static_cast<double>(machine.rounds);
    result.push_back(machine);
  }
  return result;
}

std::optional<MeanEstimate> estimate_over_machines(std::span<const RoundEffect> effects) {
  const std::vector<MachineEffect> machines = effects_by_machine(effects);
  std::vector<double> values;
  if (machines.size() > 1) {
    for (const MachineEffect& machine : machines) values.push_back(machine.mean);
  } else {
    for (const RoundEffect& round : effects) values.push_back(round.effect);
  }
  return estimate_mean(values);
}

std::optional<double> probability_of_one_effect(std::span<const RoundEffect> effects) {
  const std::vector<MachineEffect> machines = effects_by_machine(effects);
  if (std::ranges::count_if(machines, [](const MachineEffect& machine) { return machine.rounds > 1; }) < 2)
    return std::nullopt;
  double mean = 0;
  for (const RoundEffect& round : effects) mean += round.effect / static_cast<double>(effects.size());
  double between = 0, within = 0;
  for (const MachineEffect& machine : machines)
    between += static_cast<double>(machine.rounds) * (machine.mean - mean) * (machine.mean - mean);
  for (const RoundEffect& round : effects) {
    const auto machine = std::ranges::find(machines, round.machine, &MachineEffect::machine);
    within += (round.effect - machine->mean) * (round.effect - machine->mean);
  }
  const auto between_degrees = static_cast<double>(machines.size() - 1);
  const auto within_degrees = static_cast<double>(effects.size() - machines.size());
  if (!(within > 0)) return between > 0 ? 0 : 1;  // the ratio of the two has no value
  return boost::math::cdf(boost::math::complement(boost::math::fisher_f(between_degrees, within_degrees),
                                                  (between / between_degrees) / (within / within_degrees)));
}

}  // namespace harness
