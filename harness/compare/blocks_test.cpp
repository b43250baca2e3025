// harness/compare/blocks_test.cpp: an interval without what varies between machines, machines that differ
// unseen. Expected numbers are scipy 1.17.1's: stats.sem, stats.t.interval, stats.f_oneway.
#include "harness/compare/blocks.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

using Effects = std::vector<RoundEffect>;

/// Machine 0 has the first list's rounds, machine 1 the second's, and so on.
Effects effects_of(const std::vector<std::vector<double>>& machines) {
  Effects effects;
  for (std::size_t machine = 0; machine < machines.size(); ++machine) {
    for (const double effect : machines[machine]) effects.push_back({machine, effect});
  }
  return effects;
}

const Effects kFourMachines =
    effects_of({{0.10, 0.12, 0.11}, {0.20, 0.23}, {0.05}, {0.15, 0.13, 0.17, 0.16}});

TEST(BlockEstimate, IsTheMeanOfTheMachinesMeansWithWhatTheyVaryBy) {
  const MeanEstimate estimate = estimate_over_machines(kFourMachines).value();
  EXPECT_NEAR(estimate.mean, 0.131875, 1e-12);
  EXPECT_NEAR(estimate.standard_error, 0.03478168519494132, 1e-15);
  EXPECT_EQ(estimate.degrees_of_freedom, 3);
  const Interval interval = interval_of(estimate, 0.95);
  EXPECT_NEAR(interval.low, 0.021184154459817972, 1e-12);
  EXPECT_NEAR(interval.high, 0.24256584554018207, 1e-12);
}

// Ten thousand rounds on each of two machines that differ say no more of a third than one on each does.
TEST(BlockEstimate, IsNoSurerForMoreRoundsOnTheSameMachines) {
  const MeanEstimate one = estimate_over_machines(effects_of({{0.1}, {0.3}})).value();
  const MeanEstimate many =
      estimate_over_machines(effects_of({std::vector<double>(10'000, 0.1), std::vector<double>(10'000, 0.3)}))
          .value();
  EXPECT_NEAR(many.mean, one.mean, 1e-12);
  EXPECT_NEAR(many.standard_error, one.standard_error, 1e-12);
  EXPECT_EQ(many.degrees_of_freedom, one.degrees_of_freedom);
}

TEST(BlockEstimate, WithARoundAMachineIsThatOfTheRounds) {
  const std::vector<double> rounds{0.1, 0.2, 0.15, 0.05};
  const MeanEstimate blocks = estimate_over_machines(effects_of({{0.1}, {0.2}, {0.15}, {0.05}})).value();
  const MeanEstimate plain = estimate_mean(rounds).value();
  EXPECT_DOUBLE_EQ(blocks.mean, plain.mean);
  EXPECT_DOUBLE_EQ(blocks.standard_error, plain.standard_error);
  EXPECT_EQ(blocks.degrees_of_freedom, plain.degrees_of_freedom);
}

// As an ordinary comparison has it, in which a round of ten does not decide.
TEST(BlockEstimate, OfOneMachineLeavesOutWhatIsOutermost) {
  const std::vector<double> rounds{0.10, 0.11, 0.12, 0.10, 9.0, 0.11, 0.12, 0.10, 0.11, -7.0};
  const MeanEstimate blocks = estimate_over_machines(effects_of({rounds})).value();
  const MeanEstimate whole = estimate_trimmed_mean(rounds).value();
  EXPECT_DOUBLE_EQ(blocks.mean, whole.mean);
  EXPECT_DOUBLE_EQ(blocks.standard_error, whole.standard_error);
  EXPECT_EQ(blocks.degrees_of_freedom, 7);
  EXPECT_DOUBLE_EQ(effects_by_machine(effects_of({rounds, {0.5}}))[0].mean, whole.mean);
  EXPECT_DOUBLE_EQ(effects_by_machine(effects_of({rounds, {0.5}}))[1].mean, 0.5);
}

TEST(BlockEstimate, OfOneMachineIsThatOfItsRounds) {
  const std::vector<double> rounds{0.1, 0.2, 0.15};
  const MeanEstimate blocks = estimate_over_machines(effects_of({rounds})).value();
  const MeanEstimate plain = estimate_mean(rounds).value();
  EXPECT_DOUBLE_EQ(blocks.mean, plain.mean);
  EXPECT_DOUBLE_EQ(blocks.standard_error, plain.standard_error);
  EXPECT_EQ(blocks.degrees_of_freedom, 2);
}

TEST(BlockEstimate, NeedsTwoRounds) {
  EXPECT_FALSE(estimate_over_machines({}));
  EXPECT_FALSE(estimate_over_machines(effects_of({{0.1}})));
}

TEST(MachineEffects, AreTheMeansByMachineInWhicheverOrderRoundsCome) {
  const Effects mixed{{2, 0.5}, {0, 0.1}, {2, 0.7}, {0, 0.3}, {2, 0.6}};
  const auto machines = effects_by_machine(mixed);
  ASSERT_EQ(machines.size(), 2U);
  EXPECT_EQ(machines[0].machine, 0U);
  EXPECT_EQ(machines[0].rounds, 2U);
  EXPECT_NEAR(machines[0].mean, 0.2, 1e-15);
  EXPECT_EQ(machines[1].machine, 2U);
  EXPECT_EQ(machines[1].rounds, 3U);
  EXPECT_NEAR(machines[1].mean, 0.6, 1e-15);
}

TEST(MachinesThatDiffer, AreImprobableWhereThereIsOneEffect) {
  EXPECT_NEAR(probability_of_one_effect(kFourMachines).value(), 0.0005369412033473721, 1e-12);
  EXPECT_NEAR(
      probability_of_one_effect(effects_of({{0.01, 0.03, -0.02}, {0.02, 0.00, 0.01}, {-0.01, 0.02, 0.03}}))
          .value(),
      0.9189600480109739, 1e-12);
}

TEST(MachinesThatDiffer, CannotBeToldWithoutTwoRoundsOnTwoMachines) {
  EXPECT_FALSE(probability_of_one_effect(effects_of({{0.1, 0.2, 0.3}})));
  EXPECT_FALSE(probability_of_one_effect(effects_of({{0.1}, {0.9}, {0.5}})));
  EXPECT_FALSE(probability_of_one_effect(effects_of({{0.1, 0.2}, {0.9}, {0.5}})));
  EXPECT_TRUE(probability_of_one_effect(effects_of({{0.1, 0.2}, {0.9, 0.8}})));
}

TEST(MachinesThatDiffer, AreToldWhereRoundsDoNotVaryAtAll) {
  EXPECT_EQ(probability_of_one_effect(effects_of({{0.25, 0.25}, {0.5, 0.5}})), 0);
  EXPECT_EQ(probability_of_one_effect(effects_of({{0.25, 0.25}, {0.25, 0.25}})), 1);
}

}  // namespace
}  // namespace harness
