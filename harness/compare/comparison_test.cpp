// harness/compare/comparison_test.cpp: drift taken for a difference, a failure that goes unsaid.
#include "harness/compare/comparison.h"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/compare/comparison_json.h"
#include "harness/compare/test_subjects.h"
#include "harness/testing/assertions.h"

namespace harness {
namespace {

const Cell& cell(const Comparison& comparison, std::size_t subject, std::size_t row = 0) {
  return comparison.rows.at(row).cells.at(subject);
}

/// That of the second subject's first row.
std::optional<double> ratio(const Comparison& comparison) {
  return comparison.rows.at(0).effect(cell(comparison, 1));
}

// The machine gets slower by half from round to round; the second interpreter is 10 % slower throughout.
TEST(ComparePaired, TakesTheRatioWithinEachRoundSoThatDriftCancels) {
  const Comparison comparison = compare_paired(
      {subject_of("a", {1, 1.5, 2, 3}), subject_of("b", {1.1, 1.66, 2.2, 3.29})}, CompareSettings{});
  EXPECT_EQ(cell(comparison, 1).verdict, Verdict::slower);
  EXPECT_NEAR(ratio(comparison).value(), 1.1, 0.005);
  const Comparison unpaired = compare_unpaired(
      {subject_of("a", {1, 1.5, 2, 3}), subject_of("b", {1.1, 1.66, 2.2, 3.29})}, CompareSettings{});
  EXPECT_EQ(cell(unpaired, 1).verdict, Verdict::inconclusive);
}

/// One with these times of repetitions in each of two rounds.
Subject with_repetitions(const std::string& label, const std::vector<double>& times_s, bool interleaved) {
  Subject subject = subject_of(label, {1, 1});
  for (Process& process : subject.processes) {
    process.rows.front().times_s = times_s;
    process.interleaved = interleaved;
  }
  return subject;
}

/// That of b to a.
double ratio_of(const std::vector<double>& a, const std::vector<double>& b, bool a_interleaved = true,
                bool b_interleaved = true) {
  return ratio(compare_paired(
                   {with_repetitions("a", a, a_interleaved), with_repetitions("b", b, b_interleaved)},
                   CompareSettings{}))
      .value();
}

// The machine is at half of its speed for three repetitions of five; medians fall here and there.
TEST(ComparePaired, TakesTheRatioOfRepetitionsThatCameSideBySide) {
  EXPECT_NEAR(ratio_of({1, 2, 2.1, 2, 1}, {1.1, 2.2, 2.31, 1.1, 1.1}), 1.1, 1e-9);
}

TEST(ComparePaired, TakesTheRatioOfMediansWhereRepetitionsDidNotComeSideBySide) {
  EXPECT_NEAR(ratio_of({1, 2, 3}, {4, 1, 9}), 3, 1e-9);
  EXPECT_NEAR(ratio_of({1, 2, 3}, {4, 1, 9}, true, false), 2, 1e-9);
  EXPECT_NEAR(ratio_of({1, 2, 3}, {4, 1, 9}, false, false), 2, 1e-9);
}

TEST(ComparePaired, TakesTheRatioOfMediansWhereOneHasMoreRepetitions) {
  EXPECT_NEAR(ratio_of({1, 2, 3}, {2, 8}), 2.5, 1e-9);
}

TEST(ComparePaired, IsNotDecidedByARoundOfTen) {
  std::vector<double> a(10, 1.0), b(10, 1.1);
  b[3] = 9;
  b[7] = 0.1;
  EXPECT_NEAR(ratio(compare_paired({subject_of("a", a), subject_of("b", b)}, CompareSettings{})).value(), 1.1,
              1e-9);
}

TEST(ComparePaired, GivesTheFirstInterpreterATimeAndNoRatio) {
  const Comparison comparison =
      compare_paired({subject_of("a", {1, 4}), subject_of("b", {1, 4})}, CompareSettings{});
  EXPECT_DOUBLE_EQ(cell(comparison, 0).time_s(), 2);  // the geometric mean
  EXPECT_FALSE(cell(comparison, 0).effect);
  EXPECT_FALSE(cell(comparison, 0).verdict);
  EXPECT_EQ(cell(comparison, 1).verdict, Verdict::same);
}

TEST(ComparePaired, IsInconclusiveAfterOneRound) {
  const Comparison comparison =
      compare_paired({subject_of("a", {1}), subject_of("b", {9})}, CompareSettings{});
  EXPECT_EQ(cell(comparison, 1).verdict, Verdict::inconclusive);
  EXPECT_FALSE(ratio(comparison));
  EXPECT_FALSE(comparison.rows[0].decided());
}

TEST(ComparePaired, UsesOnlyRoundsThatBothHave) {
  Subject b = subject_of("b", {2, 2, 2});
  b.processes[1].round = 7;
  const Comparison comparison = compare_paired({subject_of("a", {1, 1, 1}), b}, CompareSettings{});
  EXPECT_EQ(cell(comparison, 1).compared, 2U);
}

TEST(ComparePaired, MakesIntervalsWiderTheMoreRowsThereAre) {
  const auto with_rows = [](int rows) {
    std::vector<Subject> subjects{subject_of("a", {1, 1.1, 0.9}), subject_of("b", {1.2, 1.25, 1.15})};
    for (int i = 1; i < rows; ++i) {
      for (Subject& subject : subjects) {
        for (Process& process : subject.processes) {
          process.rows.push_back(timed_row("row" + std::to_string(i), 1));
        }
      }
    }
    return compare_paired(subjects, CompareSettings{});
  };
  EXPECT_DOUBLE_EQ(with_rows(1).cell_confidence, 0.95);
  EXPECT_DOUBLE_EQ(with_rows(5).cell_confidence, 0.99);
  EXPECT_LT(cell(with_rows(1), 1).effect_interval->high, cell(with_rows(5), 1).effect_interval->high);
}

TEST(ComparePaired, CountsEachInterpreterInTheCorrection) {
  const Comparison comparison = compare_paired(
      {subject_of("a", {1, 1}), subject_of("b", {1, 1}), subject_of("c", {1, 1})}, CompareSettings{});
  EXPECT_DOUBLE_EQ(comparison.cell_confidence, 0.975);
}

TEST(ComparePaired, SaysWhatFailedAndInHowManyProcesses) {
  Subject b = subject_of("b", {1, 1, 1});
  b.processes[1] = {.round = 2, .failure = "crashed (SIGSEGV)", .rows = {}};
  const Comparison comparison = compare_paired({subject_of("a", {1, 1, 1}), b}, CompareSettings{});
  EXPECT_EQ(cell(comparison, 1).failure, "crashed (SIGSEGV) (1 of 3 processes)");
  EXPECT_FALSE(cell(comparison, 1).verdict);
  EXPECT_EQ(cell(comparison, 1).outcome, Outcome::failed);
  EXPECT_TRUE(any_failed(comparison));
}

TEST(ComparePaired, TellsAFailureFromWhatHasNoMeaning) {
  Subject b = subject_of("b", {});
  b.processes.push_back({.round = 1,
                         .failure = {},
                         .rows = {untimed_row("countdown/python/threads:1", "does not apply: no GIL")}});
  const Comparison comparison = compare_paired({subject_of("a", {1}), b}, CompareSettings{});
  EXPECT_EQ(cell(comparison, 1).failure, "does not apply: no GIL");
  EXPECT_EQ(cell(comparison, 1).outcome, Outcome::not_applicable);
  EXPECT_FALSE(any_failed(comparison));
}

TEST(ComparePaired, HasARowForWhateverAnyProcessHas) {
  const Comparison comparison =
      compare_paired({subject_of("a", {1}, "x/python/threads:1"), subject_of("b", {1}, "y/python/threads:1")},
                     CompareSettings{});
  ASSERT_EQ(comparison.rows.size(), 2U);
  EXPECT_EQ(cell(comparison, 1, 0).failure, "it has no such row");
  EXPECT_FALSE(any_failed(comparison));
}

TEST(ComparePaired, ShowsHowEachScalesByItself) {
  Subject a = subject_of("a", {1.0, 2.0});
  for (Process& process : a.processes) {
    process.rows.push_back(timed_row("countdown/python/threads:4", process.rows[0].times_s[0] / 3));
  }
  const Comparison comparison = compare_paired({a}, CompareSettings{});
  EXPECT_FALSE(cell(comparison, 0, 0).scaling);
  EXPECT_DOUBLE_EQ(cell(comparison, 0, 1).scaling.value().times, 3);
  EXPECT_EQ(cell(comparison, 0, 1).scaling->interval->low, cell(comparison, 0, 1).scaling->interval->high);
}

/// One interpreter whose `rows` further rows are that many times faster than plain Python, in a process each.
Subject gaining(const std::vector<double>& times, int rows = 1) {
  Subject subject = subject_of("a", std::vector<double>(times.size(), 1.0));
  for (std::size_t i = 0; i < times.size(); ++i) {
    Process& process = subject.processes[i];
    process.rows.front().traits.baseline = true;
    for (int row = 0; row < rows; ++row)
      process.rows.push_back(timed_row("countdown/way" + std::to_string(row) + "/threads:2", 1 / times[i]));
  }
  return subject;
}

TEST(ComparePaired, ShowsWhatEachGainsOverPlainPython) {
  const Comparison comparison = compare_paired({gaining({1.8, 2.0, 2.222})}, CompareSettings{});
  EXPECT_FALSE(cell(comparison, 0, 0).speedup);  // it is the baseline itself
  EXPECT_FALSE(cell(comparison, 0, 1).scaling);  // it did not run on one thread
  const Gain gain = cell(comparison, 0, 1).speedup.value();
  EXPECT_NEAR(gain.times, 2, 0.001);
  // 2 degrees of freedom: t is 4.303 at 95 %; the standard error of the logarithms is 0.0608.
  EXPECT_NEAR(gain.interval->low, 2 * std::exp(-4.303 * 0.0608), 0.002);
  EXPECT_NEAR(gain.interval->high, 2 * std::exp(4.303 * 0.0608), 0.003);
}

TEST(ComparePaired, IsSureOfAllGainsTogether) {
  const auto width = [](int rows) {
    const Comparison comparison = compare_paired({gaining({1.8, 2.0, 2.2}, rows)}, CompareSettings{});
    const Interval interval = cell(comparison, 0, 1).speedup->interval.value();
    return interval.high - interval.low;
  };
  EXPECT_LT(width(1), width(4));
}

TEST(ComparePaired, HasNoIntervalOfAGainThatTellsNothing) {
  const Comparison comparison = compare_paired({gaining({1, 2}, 300)}, CompareSettings{});
  EXPECT_NEAR(cell(comparison, 0, 1).speedup->times, std::sqrt(2), 1e-9);
  EXPECT_FALSE(cell(comparison, 0, 1).speedup->interval);
}

// As stored runs may have it.
TEST(ComparePaired, HasNoGainOfARowThatDidNothing) {
  Subject a = gaining({1, 2, 3});
  for (Process& process : a.processes) {
    process.rows.back().traits.item_unit = "steps";
    process.rows.back().counters["steps"] = 0;
  }
  EXPECT_FALSE(cell(compare_paired({a}, CompareSettings{}), 0, 1).speedup);
}

TEST(ComparePaired, HasNoIntervalOfAGainInOneProcess) {
  const Gain gain = cell(compare_paired({gaining({2})}, CompareSettings{}), 0, 1).speedup.value();
  EXPECT_DOUBLE_EQ(gain.times, 2);
  EXPECT_FALSE(gain.interval);
}

TEST(ComparePaired, KeepsTheMedianOfEachCounter) {
  Subject a = subject_of("a", {1, 1, 1});
  for (std::size_t i = 0; i < 3; ++i)
    a.processes[i].rows[0].counters["gil_switches"] = 10.0 * static_cast<double>(i);
  EXPECT_EQ(cell(compare_paired({a}, CompareSettings{}), 0).counters.at("gil_switches"), 10);
}

TEST(ComparePaired, SaysAboutHowManyRoundsAnOpenRowNeeds) {
  const std::vector<double> a{1, 1, 1, 1, 1, 1}, b{1.1, 0.95, 1.12, 0.97, 1.08, 1.01};
  const Comparison comparison = compare_paired({subject_of("a", a), subject_of("b", b)}, CompareSettings{});
  EXPECT_EQ(cell(comparison, 1).verdict, Verdict::inconclusive);
  EXPECT_GT(cell(comparison, 1).rounds_needed, 6U);
}

TEST(CompareUnpaired, IsWelchsOnTheLogarithms) {
  const Comparison comparison = compare_unpaired(
      {subject_of("a", {1, 1.02, 0.98}), subject_of("b", {2, 2.04, 1.96, 2.0})}, CompareSettings{});
  EXPECT_NEAR(ratio(comparison).value(), 2, 0.001);
  EXPECT_EQ(cell(comparison, 1).verdict, Verdict::slower);
  EXPECT_EQ(cell(comparison, 1).compared, 4U);
  EXPECT_FALSE(comparison.paired);
}

// As runs with another --python-pixels or --countdown-steps have it.
TEST(CompareUnpaired, DoesNotCompareOtherWork) {
  const auto with_steps = [](const std::string& label, double steps) {
    Subject subject = subject_of(label, {1, 1, 1});
    for (Process& process : subject.processes) {
      process.rows.front().traits.item_unit = "steps";
      process.rows.front().counters["steps"] = steps;
    }
    return subject;
  };
  const Comparison other =
      compare_unpaired({with_steps("a", 1000), with_steps("b", 2000)}, CompareSettings{});
  EXPECT_EQ(cell(other, 1).failure, "its work was 2000 steps, and that of a was 1000 steps");
  EXPECT_EQ(cell(other, 1).verdict, std::nullopt);
  EXPECT_EQ(fail_if_status(other, 0.05), 4);
  EXPECT_TRUE(contains(cell(compare_unpaired({with_steps("a", 1e30), with_steps("b", 2e30)}, {}), 1).failure,
                       "its work was 2000000000000000"));
  const Comparison same = compare_unpaired({with_steps("a", 1000), with_steps("b", 1000)}, CompareSettings{});
  EXPECT_TRUE(cell(same, 1).verdict.has_value());
}

/// A subject whose one row takes the same time always, and counts `values`.
Subject counting(const std::string& label, const std::string& counter, const std::vector<double>& values) {
  Subject subject = subject_of(label, std::vector<double>(values.size(), 0.2), "gil/x/threads:2");
  for (std::size_t i = 0; i < values.size(); ++i) subject.processes[i].rows[0].counters[counter] = values[i];
  return subject;
}

TEST(Compare, TakesWhatARowMeasuresWhereItsTimeIsFixed) {
  const Comparison comparison = compare_paired(
      {counting("a", "pair_ns", {100, 110, 90}), counting("b", "pair_ns", {50, 55, 45})}, CompareSettings{});
  EXPECT_EQ(comparison.rows[0].measure.key, "pair_ns");
  EXPECT_NEAR(ratio(comparison).value(), 0.5, 1e-9);
  EXPECT_EQ(cell(comparison, 1).verdict, Verdict::faster);
  EXPECT_NEAR(comparison.rows[0].value(cell(comparison, 1)), 49.8, 0.1);  // the geometric mean
}

// 0 is a share like another: with a GIL that is held nothing gets done.
TEST(Compare, TakesSharesByTheirDifference) {
  const Subject none = counting("a", "python_share_of_alone", {0, 0, 0});
  const Subject most = counting("b", "python_share_of_alone", {0.9, 1, 0.95});
  for (const auto& compared : {compare_paired({none, most}, {}), compare_unpaired({none, most}, {})}) {
    EXPECT_NEAR(ratio(compared).value(), 0.95, 1e-9);
    EXPECT_EQ(cell(compared, 1).verdict, Verdict::faster);
    EXPECT_EQ(fail_if_status(compared, 0.05), 0);
  }
  const Comparison less = compare_paired({most, none}, CompareSettings{});
  EXPECT_EQ(cell(less, 1).verdict, Verdict::slower);
  EXPECT_EQ(fail_if_status(less, 0.05), 3);
  EXPECT_EQ(cell(compare_paired({none, none}, CompareSettings{}), 1).verdict, Verdict::same);
}

TEST(Compare, SaysThatARowLacksWhatItIsComparedBy) {
  const Subject timed = subject_of("b", {0.2, 0.2}, "gil/x/threads:2");
  const Comparison without = compare_paired({counting("a", "pair_ns", {1, 2}), timed}, CompareSettings{});
  EXPECT_EQ(cell(without, 1).failure, "it has no pair_ns (2 of 2 processes)");
  const Comparison zero =
      compare_paired({counting("a", "pair_ns", {1, 2}), counting("b", "pair_ns", {0, 2})}, CompareSettings{});
  EXPECT_EQ(cell(zero, 1).failure, "its pair_ns is not above 0 (1 of 2 processes)");
  EXPECT_EQ(cell(zero, 1).verdict, std::nullopt);
}

}  // namespace
}  // namespace harness
