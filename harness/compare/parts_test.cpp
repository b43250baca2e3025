// harness/compare/parts_test.cpp: parts of two comparisons put together, a round counted twice or lost.
#include "harness/compare/parts.h"

#include <gtest/gtest.h>

#include "harness/compare/test_parts.h"
#include "harness/testing/assertions.h"

namespace harness {
namespace {

const PlannedPart kFirst{.part = 1, .parts = 2, .rounds = 5};
const PlannedPart kSecond{.part = 2, .parts = 2, .rounds = 5};

double one_ms(int /*round*/, std::size_t /*python*/) {
  return 1;
}

class PartsTest : public testing::Test {
 protected:
  std::filesystem::path part(const std::string& folder, const ComparisonPlan& plan,
                             const std::string& machine = "node1") const {
    return plant_part(root_, folder, plan, machine, one_ms);
  }
  std::string refusal_of(const std::vector<std::filesystem::path>& folders) const {
    return error_of([&] { read_parts(folders); });
  }
  /// What is said of a second part that is of `plan`.
  std::string refusal_of_other(const ComparisonPlan& plan) const {
    return refusal_of({part("one", plan_of_part(kFirst)), part("other", plan)});
  }

  TestFolder root_;
};

std::vector<int> rounds_of_entries(const Part& part) {
  std::vector<int> rounds;
  for (const JournalEntry& entry : part.entries) rounds.push_back(entry.round);
  return rounds;
}

TEST(PlannedPart, HasEveryPartsThRound) {
  std::vector<int> rounds;
  for (int round = -5; round <= 20; ++round) {
    if (PlannedPart{.part = 2, .parts = 3, .rounds = 9}.has(round)) rounds.push_back(round);
  }
  EXPECT_EQ(rounds, (std::vector<int>{2, 5, 8}));
}

TEST_F(PartsTest, AreReadByTheirNumbersInWhicheverOrderTheyAreGiven) {
  const auto second = part("x", plan_of_part(kSecond), "node2");
  const auto first = part("y", plan_of_part(kFirst), "node1");
  for (const auto& folders : {std::vector{first, second}, {second, first}}) {
    const Parts parts = read_parts(folders);
    ASSERT_EQ(parts.parts.size(), 2U);
    EXPECT_EQ(parts.parts[0].folder, first);
    EXPECT_EQ(rounds_of_entries(parts.parts[0]), (std::vector<int>{1, 1, 3, 3, 5, 5}));
    EXPECT_EQ(rounds_of_entries(parts.parts[1]), (std::vector<int>{2, 2, 4, 4}));
    EXPECT_EQ(parts.machines, (std::vector<std::string>{"node1", "node2"}));
    EXPECT_EQ(parts.parts[1].entries[0].machine, 1U);
    EXPECT_TRUE(missing_of(parts).empty());
    EXPECT_TRUE(missing_rounds_of(parts).empty());
  }
}

TEST_F(PartsTest, SayWhichPartIsNotThere) {
  const Parts parts = read_parts({part("y", plan_of_part(kFirst))});
  EXPECT_EQ(missing_of(parts),
            (std::vector<std::string>{"part 2 of 2 is not there: rounds 2 and 4 are missing"}));
  EXPECT_EQ(missing_rounds_of(parts), (std::vector<int>{2, 4}));
}

TEST_F(PartsTest, ListTheFirstOfManyMissingRounds) {
  const Parts parts = read_parts({part("y", plan_of_part({.part = 1, .parts = 2, .rounds = 40}))});
  EXPECT_EQ(missing_of(parts),
            (std::vector<std::string>{"part 2 of 2 is not there: rounds 2, 4, 6, 8, 10, 12, 14, 16, … "
                                      "(20 in all) are missing"}));
}

TEST_F(PartsTest, LeaveARoundOutThatIsNotFinishedAndSaySo) {
  std::filesystem::create_directories(root_.path() / "y");
  Journal journal = Journal::begin(root_.path() / "y", plan_of_part(kFirst));
  journal.add(machine_called("node1"));
  journal.add(plant_process(root_, "y", 1, 1, 1));
  journal.add(plant_process(root_, "y", 1, 0, 1));
  journal.add(plant_process(root_, "y", 3, 1, 1));
  const Parts parts = read_parts({root_.path() / "y", part("x", plan_of_part(kSecond))});
  EXPECT_EQ(rounds_of_entries(parts.parts[0]), (std::vector<int>{1, 1}));
  EXPECT_EQ(missing_of(parts), (std::vector<std::string>{"part 1 of 2 (" + (root_.path() / "y").string() +
                                                         ") is not finished: rounds 3 and 5 are missing"}));
}

TEST_F(PartsTest, TakeARoundForFinishedWithoutAnInterpreterThatWasGivenUp) {
  std::filesystem::create_directories(root_.path() / "y");
  Journal journal = Journal::begin(root_.path() / "y", plan_of_part(kFirst));
  journal.add(machine_called("node1"));
  for (const int round : {1, 3}) {
    journal.add(plant_process(root_, "y", round, 0, 1));
    journal.add(JournalEntry{.round = round, .python = 1, .folder = "", .failure = "crashed", .wall_s = 1});
  }
  journal.add(plant_process(root_, "y", 5, 0, 1));
  EXPECT_EQ(rounds_of_entries(read_parts({root_.path() / "y"}).parts[0]), (std::vector<int>{1, 1, 3, 3, 5}));
}

TEST_F(PartsTest, AreRefusedTwice) {
  const auto first = part("one", plan_of_part(kFirst));
  EXPECT_TRUE(contains(refusal_of({first, part("two", plan_of_part(kSecond)), first}),
                       "one: it is part 1 of 2, as " + first.string() + " is; give each part once"));
  EXPECT_TRUE(contains(refusal_of({first, plant_part(root_, "again", plan_of_part(kFirst), "node2",
                                                     [](int, std::size_t) { return 2; })}),
                       "again: it is part 1 of 2"));
}

TEST_F(PartsTest, SayWhereAPartGivenTwiceHasOtherProcesses) {
  const auto first = part("one", plan_of_part(kFirst));
  std::filesystem::create_directories(root_.path() / "again");
  Journal journal = Journal::begin(root_.path() / "again", plan_of_part(kFirst));
  journal.add(machine_called("node1"));
  for (const std::size_t python : {1U, 0U}) journal.add(plant_process(root_, "again", 1, python, 1));
  EXPECT_TRUE(
      contains(refusal_of({first, root_.path() / "again"}), "with other processes of the same rounds"));
}

TEST_F(PartsTest, AreRefusedOfAnotherComparison) {
  ComparisonPlan plan = plan_of_part(kSecond);
  plan.program_sha256 = "another";
  EXPECT_TRUE(contains(refusal_of_other(plan), "other: it is no part of the comparison of which"));
  EXPECT_EQ(difference_of_parts(plan_of_part(kFirst), plan), "another build of this program ran it");
  plan = plan_of_part({.part = 2, .parts = 3, .rounds = 5});
  EXPECT_EQ(difference_of_parts(plan_of_part(kFirst), plan),
            "it is one of 3 parts of 5 rounds, and the other one of 2 parts of 5 rounds");
  plan = plan_of_part(kSecond);
  plan.work_flags = {"--threads=1,8"};
  EXPECT_EQ(difference_of_parts(plan_of_part(kFirst), plan),
            "it ran with --threads=1,8, and the other with --threads=1 --filter=countdown");
  plan = plan_of_part(kSecond);
  plan.seed = 6;
  EXPECT_EQ(difference_of_parts(plan_of_part(kFirst), plan), "its seed is 6, and the other's 5");
  plan = plan_of_part(kSecond);
  plan.pythons.pop_back();
  EXPECT_EQ(difference_of_parts(plan_of_part(kFirst), plan), "it compares 1 interpreters, and the other 2");
  plan = plan_of_part(kSecond);
  plan.seed = 6;  // as of others, where it is made of them
  plan.pythons[1].label = "c";
  EXPECT_EQ(difference_of_parts(plan_of_part(kFirst), plan),
            "it has --python=b=3.13 under the label c, and the other --python=b=3.13 under the label b");
  plan = plan_of_part(kSecond);
  plan.pythons[1].version = "3.13.6";
  EXPECT_EQ(difference_of_parts(plan_of_part(kFirst), plan),
            "its b is CPython 3.13.6, and the other's 3.13.5");
  plan = plan_of_part(kSecond);
  plan.pythons[1].sha256 = "99";
  EXPECT_EQ(difference_of_parts(plan_of_part(kFirst), plan),
            "its b (/y.so) has another SHA-256 than the other's");
  plan = plan_of_part(kSecond);
  plan.environment.clear();
  EXPECT_EQ(difference_of_parts(plan_of_part(kFirst), plan),
            "it ran with OMP_NUM_THREADS not set, and the other with OMP_NUM_THREADS=2");
  plan = plan_of_part(kSecond);
  plan.files.begin()->second = "57";
  EXPECT_EQ(difference_of_parts(plan_of_part(kFirst), plan),
            "its /usr/share/harness/scripts/countdown.py is not the other's");
  plan = plan_of_part(kSecond);
  plan.files.clear();
  EXPECT_EQ(difference_of_parts(plan_of_part(kFirst), plan), "its scripts are not the other's");
}

TEST_F(PartsTest, MayHaveTheSameFilesInOtherPlaces) {
  ComparisonPlan plan = plan_of_part(kSecond);
  plan.files = {{"/home/me/scripts/countdown.py", "56"}};
  plan.pythons[0].binary = "/opt/x.so";
  plan.working_directory = "/home/me";
  plan.arguments = {"--shard=2/2", "--out=there"};
  EXPECT_EQ(difference_of_parts(plan_of_part(kFirst), plan), "");
}

TEST_F(PartsTest, AreRefusedWhereTheyHaveImportedDifferentModules) {
  const auto imported = [&](const std::string& folder, const PlannedPart& which, const std::string& sha256) {
    const auto path = part(folder, plan_of_part(which));
    Journal::open(path).add(JournalFiles{{"/site/helper.py", sha256}});
    return path;
  };
  const auto first = imported("one", kFirst, "ab");
  EXPECT_TRUE(contains(refusal_of({first, imported("two", kSecond, "cd")}),
                       "its scripts imported another /site/helper.py than the other's"));
}

TEST_F(PartsTest, AreNoWholeComparisons) {
  ComparisonPlan plan = plan_of_part(kFirst);
  plan.part.reset();
  std::filesystem::create_directories(root_.path() / "whole");
  Journal::begin(root_.path() / "whole", plan);
  EXPECT_TRUE(contains(refusal_of({root_.path() / "whole"}), "it is a whole comparison, and no part of one"));
  EXPECT_TRUE(contains(refusal_of({root_.path() / "nowhere"}), "nowhere/journal.jsonl: it cannot be read"));
}

TEST_F(PartsTest, TakeTwoPartsOfOneMachineForOneAndNumberMachinesOfOneName) {
  const auto third = [](int number) { return plan_of_part({.part = number, .parts = 3, .rounds = 3}); };
  const auto first = part("one", third(1), "node1");
  const auto second = part("two", third(2), "node1");
  std::filesystem::create_directories(root_.path() / "three");
  Journal journal = Journal::begin(root_.path() / "three", third(3));
  journal.add(MachineIdentity{.name = "node1", .id = "another", .boot = "another"});
  for (const std::size_t python : {0U, 1U}) journal.add(plant_process(root_, "three", 3, python, 1));
  const Parts parts = read_parts({first, second, root_.path() / "three"});
  EXPECT_EQ(parts.machines, (std::vector<std::string>{"node1", "node1 (2)"}));
  EXPECT_EQ(parts.parts[1].entries[0].machine, 0U);
  EXPECT_EQ(parts.parts[2].entries[0].machine, 1U);
}

}  // namespace
}  // namespace harness
