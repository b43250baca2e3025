// harness/compare/blocks.h: effects that were measured in rounds on several machines.
//
// The machine is a block: interpreters are compared within a round, and a round is of one machine, so what
// differs between machines but hits all interpreters alike cancels. What does not cancel, that a row's effect
// is another on another machine, varies from machine to machine as rounds do from round to round, and who
// wants to know the effect on machines as such must count it. More rounds on one machine say nothing of it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "harness/statistics/statistics.h"

namespace harness {

/// By what a value differs in one round, on the machine of that number.
struct RoundEffect {
  std::size_t machine = 0;
  double effect = 0;
};

/// What the rounds of one machine come to.
struct MachineEffect {
  std::size_t machine = 0;
  std::size_t rounds = 0;
  double mean = 0;  ///< trimmed, as estimate_trimmed_mean() has it

  bool operator==(const MachineEffect&) const = default;
};

/// A machine each, by their numbers.
std::vector<MachineEffect> effects_by_machine(std::span<const RoundEffect> effects);

/// The mean effect. Of one machine: that of its rounds, as estimate_trimmed_mean() has it. Of several: the
/// mean of the machines' means, each of which counts the same, with the standard error that these have among
/// each other and one degree of freedom less than machines (W. G. Cochran, "The combination of estimates from
/// different experiments", Biometrics 10 (1954), the unweighted mean). Its square is expected to be the
/// mean's variance, between machines and within, however many rounds each has; with as many rounds on each,
/// or one, the interval is exact where effects are normally distributed. Nothing below two rounds.
std::optional<MeanEstimate> estimate_over_machines(std::span<const RoundEffect> effects);

/// How probable it is that the machines' means lie as far apart as these or farther where the effect is the
/// same on all: R. A. Fisher's analysis of variance in one way ("Statistical Methods for Research Workers",
/// 1925), which takes rounds to vary alike on all machines. Nothing where fewer than two machines have two
/// rounds.
std::optional<double> probability_of_one_effect(std::span<const RoundEffect> effects);

}  // namespace harness
