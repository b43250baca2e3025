// harness/compare/looks_test.cpp: looking so often that a difference is seen at last.
#include "harness/compare/looks.h"

#include <gtest/gtest.h>

#include <random>

#include "harness/compare/order.h"
#include "harness/compare/test_subjects.h"

namespace harness {
namespace {

std::vector<Subject> first_rounds(const std::vector<Subject>& subjects, int rounds) {
  std::vector<Subject> first = subjects;
  for (Subject& subject : first) subject.processes.resize(static_cast<std::size_t>(rounds));
  return first;
}

TEST(RoundOfLook, ComesHalfAsManyRoundsLaterEachTime) {
  EXPECT_EQ(round_of_look(1, 10), 10);
  EXPECT_EQ(round_of_look(2, 10), 15);
  EXPECT_EQ(round_of_look(3, 10), 22);
  EXPECT_EQ(round_of_look(1, 1), 1);
  EXPECT_EQ(round_of_look(3, 1), 3);
}

TEST(Looks, EndWhenEveryRowIsDecided) {
  const std::vector<Subject> subjects{subject_of("a", {1, 1.001, 1}), subject_of("b", {2, 2, 2.001})};
  Looks looks(CompareSettings{}, 3);
  EXPECT_FALSE(looks.after_round(first_rounds(subjects, 2), 2, 0));  // no look is due
  EXPECT_TRUE(looks.after_round(subjects, 3, 0));
  EXPECT_EQ(looks.finish(subjects, 3).rows[0].cells[1].verdict, Verdict::slower);
}

TEST(ShareOfLast, IsAHalfOfAQuarterOfTheFirstAndWhatOfTheBudgetIsSpent) {
  EXPECT_DOUBLE_EQ(share_of_last({{.rounds = 10, .spent = 0}}), 0.125);
  EXPECT_DOUBLE_EQ(share_of_last({{.rounds = 10, .spent = 0.5}}), 0.125 + 0.75 * 0.125);
  EXPECT_DOUBLE_EQ(share_of_last({{.rounds = 10, .spent = 1}}), 0.125 + 0.75);
}

TEST(ShareOfLast, IsLargestWhereTheBudgetEnds) {
  EXPECT_DOUBLE_EQ(share_of_last({{.rounds = 10, .spent = 0.5}, {.rounds = 20, .spent = 1}}),
                   0.25 / 6 + 0.75 * 0.875);
}

// The budget was raised after the first look, so that the second is early in it.
TEST(ShareOfLast, IsNeverSpentTwice) {
  EXPECT_DOUBLE_EQ(share_of_last({{.rounds = 10, .spent = 1}, {.rounds = 15, .spent = 0.5}}), 0.25 / 6);
  EXPECT_DOUBLE_EQ(
      share_of_last(
          {{.rounds = 10, .spent = 0.8}, {.rounds = 15, .spent = 0.5}, {.rounds = 20, .spent = 0.7}}),
      0.25 / 12);
}

TEST(ShareOfLast, NeverComesToMoreThanAllTogether) {
  std::vector<TakenLook> looks;
  double sum = 0;
  for (const double spent : {0.1, 0.3, 1.0, 0.4, 0.9, 1.0, 1.0}) {
    looks.push_back({.rounds = static_cast<int>(looks.size()) + 1, .spent = spent});
    sum += share_of_last(looks);
  }
  EXPECT_LT(sum, 1);
  EXPECT_GT(sum, 0.9);
}

TEST(Looks, SpendOnEachWhatItsShareIs) {
  Looks looks(CompareSettings{}, 2);
  const std::vector<Subject> subjects{subject_of("a", {1, 1.2, 1}), subject_of("b", {1.2, 1, 1.1})};
  EXPECT_FALSE(looks.after_round(first_rounds(subjects, 2), 2, 0));
  EXPECT_DOUBLE_EQ(looks.finish(first_rounds(subjects, 2), 2).cell_confidence, 1 - 0.05 * 0.125);
  EXPECT_DOUBLE_EQ(looks.finish(subjects, 3).cell_confidence, 1 - 0.05 * (0.25 / 6 + 0.75));
}

// One that comes just before the last would take most of its doubt and see no more.
TEST(Looks, HaveNoneInTheLastThirdOfTheBudgetButTheLast) {
  Looks looks(CompareSettings{}, 2);
  const std::vector<Subject> subjects{subject_of("a", {1, 1, 1}), subject_of("b", {2, 2, 2.1})};
  EXPECT_FALSE(looks.after_round(first_rounds(subjects, 2), 2, 0.7));
  EXPECT_TRUE(looks.taken().empty());
  looks.finish(subjects, 3);
  EXPECT_EQ(looks.taken(), (std::vector<TakenLook>{{.rounds = 3, .spent = 1}}));
}

// A comparison that was gone on with: the look that ended it the first time has been taken.
TEST(Looks, CountThoseBeforeAResumption) {
  const std::vector<Subject> subjects{subject_of("a", {1, 1.2, 1, 1.1, 1}),
                                      subject_of("b", {1.2, 1, 1.1, 1, 1.2})};
  Looks first(CompareSettings{}, 2);
  for (int round = 1; round <= 4; ++round)
    first.after_round(first_rounds(subjects, round), round, 0.1 * round);
  first.finish(first_rounds(subjects, 4), 4);
  const std::vector<TakenLook> taken{{2, 0.2}, {3, 0.1 * 3}, {4, 0.4}};
  EXPECT_EQ(first.taken(), taken);
  Looks again(CompareSettings{}, 2, {{2, 0.2}, {4, 1}});  // the look at 3 had not been due
  for (int round = 1; round <= 5; ++round)
    again.after_round(first_rounds(subjects, round), round, 0.1 * round);
  const std::vector<TakenLook> taken_again{{2, 0.2}, {4, 1}, {5, 0.5}};
  EXPECT_EQ(again.taken(), taken_again) << "each has spent what it did then";
  EXPECT_DOUBLE_EQ(again.finish(subjects, 5).cell_confidence, 1 - 0.05 * 0.25 / 12);
}

TEST(Looks, LeaveWhatIsDecidedAsItWas) {
  const std::vector<Subject> subjects{subject_of("a", {1, 1, 1, 1}), subject_of("b", {2, 2.01, 0.5, 9})};
  Looks looks(CompareSettings{}, 2);
  looks.after_round(first_rounds(subjects, 2), 2, 0);
  const Comparison comparison = looks.finish(subjects, 4);
  EXPECT_EQ(comparison.rows[0].cells[1].verdict, Verdict::slower);
  EXPECT_EQ(comparison.rows[0].cells[1].compared, 2U);
}

TEST(Looks, DoNotHideWhatFailedSince) {
  std::vector<Subject> subjects{subject_of("a", {1, 1, 1, 1}), subject_of("b", {2, 2.01, 2, 2})};
  Looks looks(CompareSettings{}, 2);
  looks.after_round(first_rounds(subjects, 2), 2, 0);
  subjects[1].processes[3] = {.round = 4, .failure = "crashed (SIGSEGV)", .rows = {}};
  EXPECT_TRUE(any_failed(looks.finish(subjects, 4)));
}

TEST(Looks, EndAtTheFirstRowThatIsWorseThanAllowed) {
  Subject good = subject_of("good", {1, 1.001, 1});
  Subject commit = subject_of("new", {1.5, 1.5, 1.501});
  for (const std::size_t round : {0U, 1U, 2U}) {
    good.processes[round].rows.push_back(timed_row("countdown/native/threads:1", 1));
    commit.processes[round].rows.push_back(
        timed_row("countdown/native/threads:1", 1 + 0.3 * static_cast<double>(round)));
  }
  EXPECT_FALSE(Looks(CompareSettings{}, 3).after_round({good, commit}, 3, 0)) << "the other row is open";
  EXPECT_TRUE(Looks(CompareSettings{.worse_than = 0.03}, 3).after_round({good, commit}, 3, 0));
}

TEST(Looks, GoOnUntilItIsToldOnWhichSideOfTheLimitARowIs) {
  const std::vector<Subject> subjects{subject_of("good", {1, 1, 1}),
                                      subject_of("new", {1.022, 1.025, 1.0235})};
  EXPECT_TRUE(Looks(CompareSettings{}, 3).after_round(subjects, 3, 0)) << "it is slower, by whatever";
  EXPECT_FALSE(Looks(CompareSettings{.worse_than = 0.03}, 3).after_round(subjects, 3, 0));
  EXPECT_TRUE(Looks(CompareSettings{.worse_than = 0.1}, 3).after_round(subjects, 3, 0));
}

TEST(Looks, LeaveWhatIsOpenOnlyByTheMargin) {
  const std::vector<Subject> subjects{subject_of("good", {1, 1, 1}), subject_of("new", {1.02, 0.98, 1})};
  EXPECT_FALSE(Looks(CompareSettings{}, 3).after_round(subjects, 3, 0));
  EXPECT_TRUE(Looks(CompareSettings{.worse_than = 0.5}, 3).after_round(subjects, 3, 0));
}

TEST(Looks, PutAStoredRunFirstAndTakeItUnpaired) {
  // Paired, these would be equal in each round.
  const std::vector<double> drifting{1, 2, 4};
  Looks looks(CompareSettings{.worse_than = 0.03}, 3, {}, subject_of("stored", drifting));
  EXPECT_FALSE(looks.after_round({subject_of("new", drifting)}, 3, 0));
  const Comparison end = looks.finish({subject_of("new", drifting)}, 3);
  EXPECT_EQ(end.labels, (std::vector<std::string>{"stored", "new"}));
  EXPECT_FALSE(end.paired);
  EXPECT_DOUBLE_EQ(end.cell_confidence, 1 - 0.05 * 0.125) << "an eighth of the doubt";
}

// What a simulation can show without any timing: identical interpreters, 1,000 comparisons of up to 60 rounds
// each with a look whenever one is due. At most 5 % may see a difference; three standard deviations above
// that are 7 %.
TEST(Looks, SeldomSeeADifferenceWhereThereIsNone) {
  std::mt19937 generator(20261125);
  std::normal_distribution<double> noise(0, 0.03);
  int differences = 0;
  for (int i = 0; i < 400; ++i) {
    std::vector<double> a, b;
    Looks looks(CompareSettings{.margin = 0.0001, .confidence = 0.95}, 5);
    for (int round = 1; round <= 60; ++round) {
      a.push_back(std::exp(noise(generator)));
      b.push_back(std::exp(noise(generator)));
      if (looks.after_round({subject_of("a", a), subject_of("b", b)}, round, round / 60.0)) break;
    }
    const auto rounds = static_cast<int>(a.size());
    const Comparison end = looks.finish({subject_of("a", a), subject_of("b", b)}, rounds);
    if (end.rows[0].cells[1].verdict != Verdict::inconclusive) ++differences;
  }
  EXPECT_LE(differences, 33);
  EXPECT_GE(differences, 1);  // a test that never sees one looks at nothing
}

}  // namespace
}  // namespace harness
