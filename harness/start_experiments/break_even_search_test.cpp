// harness/start_experiments/break_even_search_test.cpp: a break-even where there is none, one to which the
// one thread's own call is counted, an interval that has it in it less often than it says.
#include "harness/start_experiments/break_even_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>
#include <vector>

#include "harness/error.h"

namespace harness {
namespace {

/// Planted times, of tasks that grow by `step_ns` a step.
struct Planted {
  double nothing_ns = 2'000;  // the one thread's call with nothing to do
  double empty_two_ns = 0;    // likewise, of two workers
  double part_on_two = 1;     // how much of a task's length their call takes longer for it
  double hidden_ns = 0;       // so much of a task is done while the call is on its way
  double step_ns = 25;
  double noise = 0;                 // standard deviation of a time's logarithm
  double disturbed = 0;             // the part of the times that are anything up to several times as long
  std::vector<double> cores = {1};  // how much longer the one thread takes on each; the workers on the first
  std::mt19937_64 random = std::mt19937_64(1);

  double noisy(double time_ns) {
    if (noise > 0) time_ns *= std::exp(std::normal_distribution(0.0, noise)(random));
    if (disturbed > 0 && std::bernoulli_distribution(disturbed)(random))
      time_ns *= 1 + std::exponential_distribution(1.0)(random);
    return time_ns;
  }

  BlockTimes operator()(std::uint64_t steps) {
    const double task_ns = step_ns * static_cast<double>(steps);
    const double two_ns = empty_two_ns + part_on_two * std::max(task_ns - hidden_ns, 0.0);
    BlockTimes times{.one = {}, .two_ns = noisy(two_ns)};
    for (const double longer : cores) {
      times.one.push_back(
          {.nothing_ns = noisy(longer * nothing_ns), .one_ns = noisy(longer * (nothing_ns + 2 * task_ns))});
    }
    return times;
  }
};

BreakEvenBracket found_in(Planted& planted) {
  return search_break_even([&](std::uint64_t steps, double /*task_ns*/) { return planted(steps); });
}

BreakEvenBracket found_in(Planted&& planted) {
  return found_in(planted);
}

std::vector<BreakEvenBracket> searches_in(Planted& planted, int searches) {
  std::vector<BreakEvenBracket> found;
  for (int i = 0; i < searches; ++i) found.push_back(found_in(planted));
  return found;
}

/// Within a fiftieth, and a step of the script.
void expect_around(const BreakEvenBracket& bracket, double ns, double step_ns = 25) {
  EXPECT_LE(bracket.low_ns, ns * (1 + 1e-9));
  EXPECT_GE(bracket.high_ns, ns * (1 - 1e-9));
  EXPECT_LE(bracket.high_ns - bracket.low_ns, 1.001 * std::max(0.023 * ns, step_ns)) << ns;
}

TEST(BreakEvenSearch, FindsAnExactOne) {
  for (const double ns : {1'000.0, 6'400.0, 13'600.0, 410'000.0, 19'000'000.0}) {
    expect_around(found_in({.empty_two_ns = ns}), ns);
  }
}

TEST(BreakEvenSearch, FindsItNearWhereTheTimesAreNoisy) {
  Planted planted{.empty_two_ns = 140'000, .noise = 0.05};
  for (int i = 0; i < 20; ++i) {
    const double middle_ns = found_in(planted).middle_ns();
    EXPECT_GE(middle_ns, 0.7 * 140'000);
    EXPECT_LE(middle_ns, 1.4 * 140'000);
  }
}

TEST(BreakEvenSearch, FindsNoneWhereTwoWorkersAreNeverFaster) {
  const BreakEvenBracket none = found_in({.empty_two_ns = 40'000, .part_on_two = 2});
  EXPECT_FALSE(none.exists());
  EXPECT_FALSE(found_in({.empty_two_ns = 90'000'000}).exists()) << "beyond the longest task that is tried";
}

TEST(BreakEvenSearch, FindsNoneInMostSearchesWhereNoiseAloneMakesThemFaster) {
  Planted threads_with_a_gil{.empty_two_ns = 40'000, .part_on_two = 2, .noise = 0.03};
  const BreakEvenEstimate estimate = estimate_of(searches_in(threads_with_a_gil, 60));
  EXPECT_FALSE(estimate.median_ns);
}

// Threads that take turns gain nothing. On a core that is faster than the one thread's they seem to.
TEST(BreakEvenSearch, FindsNoneWhereTwoWorkersAreFasterThanOneOnTheSlowerCoreOnly) {
  for (const double slower : {1.05, 1.3, 1.8}) {
    Planted take_turns{.empty_two_ns = 40'000, .part_on_two = 2, .noise = 0.01, .cores = {1, slower}};
    EXPECT_FALSE(estimate_of(searches_in(take_turns, 60)).median_ns) << slower;
  }
}

TEST(BreakEvenSearch, FindsWhereOneThreadIsLeftBehindOnACoreOfTheMeanSpeed) {
  // 140 us and a task of 100 us take the workers as long as two such tasks take one thread, 1.2 times as
  // slow.
  expect_around(found_in({.nothing_ns = 0, .empty_two_ns = 140'000, .cores = {1, 1.4}}), 1.2 * 100'000, 30);
}

TEST(BreakEvenSearch, SaysThatTheShortestTaskPaysWhereAllDo) {
  const BreakEvenBracket all = found_in({.empty_two_ns = 100});
  EXPECT_EQ(all.low_ns, 0);
  EXPECT_NEAR(all.high_ns, 16 * 25, 1e-6);
  EXPECT_NEAR(all.middle_ns(), 16 * 25, 1e-6);
  const BreakEvenEstimate estimate = estimate_of(std::vector(6, all));
  EXPECT_FALSE(estimate.low_ns) << "nothing shorter was tried";
  EXPECT_TRUE(estimate.high_ns);
}

TEST(BreakEvenSearch, TakesOffWhatTheOneThreadsCallCosts) {
  for (const double nothing_ns : {0.0, 300.0, 6'100.0, 50'000.0}) {
    expect_around(found_in({.nothing_ns = nothing_ns, .empty_two_ns = 19'300}), 19'300);
  }
}

// Whoever lets two workers race with the one thread's whole call, and takes that call's own cost off the task
// only, finds less.
TEST(BreakEvenSearch, FindsNothingThatPaysBelowHalfOfTheWorkersEmptyCall) {
  for (const double nothing_ns : {0.0, 6'100.0}) {
    for (const double empty_two_ns : {6'300.0, 7'420.0, 15'000.0, 19'300.0, 302'000.0}) {
      // The best that a way can do: the tasks are done before the call is back.
      const double half_ns = empty_two_ns / 2;
      expect_around(found_in({.nothing_ns = nothing_ns, .empty_two_ns = empty_two_ns, .hidden_ns = 1e9}),
                    half_ns);
    }
  }
}

TEST(BreakEvenSearch, EndsWhereAClockSaysThatTasksTakeNoTime) {
  EXPECT_FALSE(search_break_even([](std::uint64_t, double) { return BlockTimes{{{10, 5}}, 1}; }).exists());
}

TEST(BreakEvenSearch, TellsAboutHowLongATaskTakes) {
  Planted planted{.empty_two_ns = 100'000};
  int blocks = 0;
  search_break_even([&](std::uint64_t steps, double task_ns) {
    if (++blocks > 5) {  // of the first length nobody knows it
      EXPECT_NEAR(task_ns, static_cast<double>(steps) * 25, 1);
    }
    return planted(steps);
  });
}

TEST(BreakEvenSearch, PassesOnWhatEndsIt) {
  EXPECT_THROW(
      search_break_even([](std::uint64_t, double) -> BlockTimes { throw ExperimentError("stopped"); }),
      ExperimentError);
}

// Probabilities of the binomial distribution with one half.
TEST(BreakEvenEstimate, HasRanksThatHoldTheBreakEvenAsOftenAsItSays) {
  for (const std::size_t searches : {0U, 1U, 5U}) EXPECT_EQ(rank_of_interval(searches), 0U) << searches;
  for (const auto& [searches, rank] : {std::pair(6U, 1U), {7U, 1U}, {12U, 2U}, {18U, 5U}, {60U, 22U}}) {
    EXPECT_EQ(rank_of_interval(searches), rank) << searches;
  }
  EXPECT_GT(rank_of_interval(5'000), 2'400U);
}

TEST(BreakEvenEstimate, IsTheMedianAndTheRanksEnds) {
  const auto of = [](std::vector<double> values) {
    std::vector<BreakEvenBracket> found;
    for (const double value : values) found.push_back({.low_ns = value / 1.01, .high_ns = value * 1.01});
    return estimate_of(found);
  };
  const BreakEvenEstimate six = of({5, 1, 3, 2, 6, 4});
  EXPECT_NEAR(six.median_ns.value_or(0), 3.5, 1e-9);
  EXPECT_NEAR(six.low_ns.value_or(0), 1 / 1.01, 1e-9);
  EXPECT_NEAR(six.high_ns.value_or(0), 6 * 1.01, 1e-9);
  const BreakEvenEstimate twelve = of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  EXPECT_NEAR(twelve.low_ns.value_or(0), 2 / 1.01, 1e-9);
  EXPECT_NEAR(twelve.high_ns.value_or(0), 11 * 1.01, 1e-9);
  EXPECT_FALSE(of({1, 2, 3, 4, 5}).low_ns) << "five are too few for an interval";
  EXPECT_TRUE(of({1, 2, 3, 4, 5}).median_ns);
  EXPECT_FALSE(estimate_of({}).median_ns);
}

TEST(BreakEvenEstimate, HasNoUpperEndWhereASearchFoundNone) {
  std::vector<BreakEvenBracket> found(6, {.low_ns = 100, .high_ns = 110});
  found[2] = BreakEvenBracket::none();
  EXPECT_TRUE(estimate_of(found).median_ns);
  EXPECT_TRUE(estimate_of(found).low_ns);
  EXPECT_FALSE(estimate_of(found).high_ns);
  found[3] = found[4] = BreakEvenBracket::none();
  EXPECT_FALSE(estimate_of(found).median_ns) << "half of them found none";
}

/// How often the interval of so many searches has the planted break-even in it.
double coverage_of(int searches, Planted planted, int intervals) {
  int right = 0;
  for (int i = 0; i < intervals; ++i) {
    planted.empty_two_ns =
        std::exp(std::uniform_real_distribution(std::log(5e3), std::log(4e5))(planted.random));
    planted.step_ns = std::uniform_real_distribution(15.0, 60.0)(planted.random);
    const BreakEvenEstimate estimate = estimate_of(searches_in(planted, searches));
    const bool is_above = estimate.low_ns.value_or(0) <= planted.empty_two_ns;
    const bool is_below = estimate.high_ns.value_or(INFINITY) >= planted.empty_two_ns;
    right += estimate.median_ns && is_above && is_below ? 1 : 0;
  }
  return static_cast<double>(right) / intervals;
}

TEST(BreakEvenEstimate, HasAnIntervalThatIsRightAsOftenAsItSays) {
  constexpr int kIntervals = 500;
  constexpr double kSaid = 1 - 2.0 / 64;
  const double by_chance = 2 * std::sqrt(kSaid * (1 - kSaid) / kIntervals);
  for (const int searches : {6, 12}) {  // of one iteration, and of two
    SCOPED_TRACE(searches);
    EXPECT_GE(coverage_of(searches, {.noise = 0.05}, kIntervals), kSaid - by_chance);
    EXPECT_GE(coverage_of(searches, {.noise = 0.2}, kIntervals), kSaid - by_chance);
    EXPECT_GE(coverage_of(searches, {.noise = 0.05, .disturbed = 0.1}, kIntervals), kSaid - by_chance);
  }
}

}  // namespace
}  // namespace harness
