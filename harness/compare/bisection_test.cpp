// harness/compare/bisection_test.cpp: a good commit called bad, a bad one called good, a guess.
#include "harness/compare/bisection.h"

#include <gtest/gtest.h>

#include "harness/compare/test_subjects.h"
#include "harness/testing/assertions.h"

namespace harness::bisection_test {
namespace {

const std::string kRow = "countdown/python/threads:1";
const std::string kOther = "sum_of_squares/python/threads:1";

constexpr CompareSettings kByMoreThan3Percent{.margin = 0.01, .confidence = 0.99, .worse_than = 0.03};

/// Of a commit that took these times while the good one took about a second.
FindingInWords found(const Subject& commit, const Subject& good = subject_of("good", {1, 1.001, 1, 1.001})) {
  return finding_of(compare_paired({good, commit}, kByMoreThan3Percent));
}

/// `subject` with the row kOther, too, which took `times_s`.
Subject with_other(Subject subject, const std::vector<double>& times_s) {
  for (std::size_t i = 0; i < times_s.size(); ++i) {
    subject.processes[i].rows.push_back(timed_row(kOther, times_s[i]));
  }
  return subject;
}

TEST(StatusOfFinding, IsWhatGitBisectTakesItFor) {
  EXPECT_EQ(status_of(Finding::good), 0);
  EXPECT_EQ(status_of(Finding::bad), 1);
  EXPECT_EQ(status_of(Finding::untold), 125);
}

TEST(FindingOf, IsBadWhereTheIntervalLiesBeyondTheLimit) {
  const FindingInWords end = found(subject_of("new", {1.05, 1.05, 1.05, 1.051}));
  EXPECT_EQ(end.finding, Finding::bad);
  EXPECT_TRUE(end.reason.starts_with(kRow + " is slower by more than 3 %: it takes 1.050 [1.0"))
      << end.reason;
  EXPECT_TRUE(contains(end.reason, "] of good's time"));
}

TEST(FindingOf, IsGoodWhereTheIntervalLiesBelowTheLimit) {
  const FindingInWords end = found(subject_of("new", {1.01, 1.01, 1.01, 1.011}));
  EXPECT_EQ(end.finding, Finding::good) << "slower, but by less";
  EXPECT_TRUE(end.reason.starts_with("no row is slower by more than 3 %; " + kRow +
                                     " comes nearest: it takes 1.010 ["))
      << end.reason;
  EXPECT_EQ(found(subject_of("new", {0.5, 0.5, 0.5, 0.501})).finding, Finding::good) << "faster";
}

TEST(FindingOf, IsUntoldWhereTheIntervalHasTheLimitInIt) {
  const FindingInWords end = found(subject_of("new", {1.02, 1.04, 1.03, 1.05}));
  EXPECT_EQ(end.finding, Finding::untold);
  EXPECT_TRUE(end.reason.starts_with("it cannot be told whether " + kRow +
                                     " is slower by more than 3 %: it takes 1.0"))
      << end.reason;
  EXPECT_TRUE(contains(end.reason, " rounds in all would tell"));
}

TEST(FindingOf, IsUntoldBelowTwoRounds) {
  const FindingInWords end = found(subject_of("new", {9}), subject_of("good", {1}));
  EXPECT_EQ(end.finding, Finding::untold);
  EXPECT_TRUE(contains(end.reason, "there are fewer than two rounds to compare"));
}

TEST(FindingOf, IsBadByOneRowWhateverTheOthersAre) {
  const Subject good = with_other(subject_of("good", {1, 1.001, 1, 1.001}), {1, 1, 1, 1});
  Subject commit = with_other(subject_of("new", {1, 1.1, 1.03, 1}), {2, 2, 2, 2.001});
  EXPECT_EQ(found(commit, good).finding, Finding::bad);
  EXPECT_TRUE(found(commit, good).reason.starts_with(kOther));
  commit.processes[0].rows[0] = untimed_row(kRow, "wrong result");
  EXPECT_EQ(found(commit, good).finding, Finding::bad);
}

TEST(FindingOf, IsGoodOnlyWhereEveryRowIs) {
  const Subject good = with_other(subject_of("good", {1, 1.001, 1, 1.001}), {1, 1, 1, 1});
  EXPECT_EQ(found(with_other(subject_of("new", {1, 1, 1, 1.001}), {1, 1.001, 1, 1}), good).finding,
            Finding::good);
  EXPECT_EQ(found(with_other(subject_of("new", {1, 1, 1, 1.001}), {1, 1.1, 1.03, 1}), good).finding,
            Finding::untold);
}

TEST(FindingOf, NamesTheRowThatComesNearestAndTheWorst) {
  const Subject good = with_other(subject_of("good", {1, 1.001, 1, 1.001}), {1, 1, 1, 1});
  EXPECT_TRUE(
      contains(found(with_other(subject_of("new", {1, 1, 1, 1.001}), {1.01, 1.01, 1.01, 1.011}), good).reason,
               kOther + " comes nearest"));
  EXPECT_TRUE(found(with_other(subject_of("new", {1.1, 1.1, 1.1, 1.101}), {1.2, 1.2, 1.2, 1.201}), good)
                  .reason.starts_with(kOther));
}

TEST(FindingOf, IsUntoldWhereARowOfTheCommitFails) {
  Subject commit = subject_of("new", {1, 1, 1, 1.001});
  commit.processes[2].rows = {untimed_row(kRow, "wrong result")};
  const FindingInWords end = found(commit);
  EXPECT_EQ(end.finding, Finding::untold);
  EXPECT_EQ(end.reason,
            "new, " + kRow + ": wrong result (1 of 4 processes), which says nothing of its speed");
}

TEST(FindingOf, IsUntoldWhereARowIsGone) {
  Subject commit = subject_of("new", {1, 1, 1, 1.001}, kOther);
  EXPECT_TRUE(contains(found(commit).reason, "new, " + kRow + ": it has no such row"));
  EXPECT_EQ(found(commit).finding, Finding::untold);
}

TEST(FindingOf, LeavesOutWhatTheFirstDoesNotHave) {
  const Subject commit = with_other(subject_of("new", {1, 1, 1, 1.001}), {9, 9, 9, 9});
  EXPECT_EQ(found(commit).finding, Finding::good);
  Subject good = with_other(subject_of("good", {1, 1.001, 1, 1.001}), {1, 1, 1, 1});
  for (Process& process : good.processes) process.rows[1] = untimed_row(kOther, "does not apply: no GIL");
  EXPECT_EQ(found(commit, good).finding, Finding::good);
}

TEST(FindingOf, IsUntoldWhereARowFailsOnBothOrOnTheFirst) {
  Subject good = with_other(subject_of("good", {1, 1.001, 1, 1.001}), {1, 1, 1, 1});
  Subject commit = with_other(subject_of("new", {1, 1, 1, 1.001}), {1, 1, 1, 1});
  for (Process& process : good.processes) process.rows[1] = untimed_row(kOther, "wrong result");
  EXPECT_EQ(found(commit, good).finding, Finding::untold);
  for (Process& process : commit.processes) process.rows[1] = untimed_row(kOther, "wrong result");
  EXPECT_EQ(found(commit, good).finding, Finding::untold);
}

TEST(FindingOf, IsUntoldWhereNothingIsCompared) {
  Subject good = subject_of("good", {1, 1});
  for (Process& process : good.processes)
    process = {.round = process.round, .failure = "crashed", .rows = {}};
  const FindingInWords end = found(subject_of("new", {1, 1}), good);
  EXPECT_EQ(end.finding, Finding::untold);
  EXPECT_TRUE(contains(end.reason, "good, " + kRow + ": crashed"));
  EXPECT_EQ(finding_of(compare_paired({{.label = "good", .processes = {}}, {.label = "new", .processes = {}}},
                                      kByMoreThan3Percent))
                .reason,
            "there is no row to compare");
}

TEST(FindingOf, SaysWhatElseARowIsComparedBy) {
  const auto measuring = [](const std::string& label, const std::string& counter, double value) {
    Subject subject = subject_of(label, {1, 1, 1});
    for (Process& process : subject.processes) {
      value *= 1.001;
      process.rows[0].counters = {{counter, value}};
    }
    return subject;
  };
  EXPECT_TRUE(contains(found(measuring("new", "pair_ns", 200), measuring("good", "pair_ns", 100)).reason,
                       kRow + " is slower by more than 3 %: it has 2.000 [2.000, 2.000] of good's pair_ns"));
  const FindingInWords share =
      found(measuring("new", "python_share_of_alone", 0.5), measuring("good", "python_share_of_alone", 0.9));
  EXPECT_EQ(share.finding, Finding::bad) << "more is better";
  EXPECT_TRUE(contains(share.reason,
                       "is worse by more than 3 points: it has -40.1 points [-40.3, -39.9] of "
                       "python_share_of_alone beside good"));
}

}  // namespace
}  // namespace harness::bisection_test
