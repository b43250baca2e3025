// harness/compare/journal_test.cpp: a crash that loses more than one process, a resumption that mixes two
// things.
#include "harness/compare/journal.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/error.h"
#include "harness/system/test_folder.h"
#include "harness/system/text.h"
#include "harness/testing/assertions.h"

namespace harness {
namespace {

ComparisonPlan some_plan() {
  return {
      .arguments = {"--filter=countdown", "--rounds=3"},
      .work_flags = {"--filter=countdown"},
      .working_directory = "/tmp",
      .seed = 4294967295U,
      .pythons = {{.label = "a", .text = "a=3.11", .version = "3.11.2", .binary = "/x.so", .sha256 = "12"},
                  {.label = "b",
                   .text = "b=3.13t,PYTHON_GIL=1",
                   .version = "3.13.5t",
                   .binary = "/y.so",
                   .sha256 = "34"}},
      .files = {{"photo.jpg", "56"}},
      .environment = {{"OMP_NUM_THREADS", "2"}},
      .program_sha256 = "78"};
}

const std::vector<JournalEntry> kEntries{
    {.round = 1, .python = 1, .folder = "processes/0001-b", .failure = "", .wall_s = 0.5},
    {.round = 1,
     .python = 0,
     .folder = "processes/0001-a",
     .failure = "crashed (SIGSEGV)\n\"x\"",
     .wall_s = 1.25},
    {.round = 2, .python = 0, .folder = "processes/0002-a", .failure = "", .wall_s = 0.75}};

const JournalFiles kFiles{{"/site/module.py", "ab"}};
const JournalLook kLook{.rounds = 2, .whole = true};
const JournalLook kPartLook{.rounds = 2, .whole = false, .spent = 0.25};

class JournalTest : public testing::Test {
 protected:
  void write_all() const {
    Journal journal = Journal::begin(folder_.path(), some_plan());
    for (const JournalEntry& entry : kEntries) journal.add(entry);
    journal.add(kLook);
    journal.add(kFiles);
  }
  std::filesystem::path file() const { return folder_.path() / "journal.jsonl"; }
  std::string error_of_open() const {
    return error_of([&] { Journal::open(folder_.path()); });
  }

  TestFolder folder_;
};

TEST_F(JournalTest, KeepsWhatALookHasSpent) {
  {
    Journal journal = Journal::begin(folder_.path(), some_plan());
    journal.add(kPartLook);
    journal.add(kLook);
  }
  EXPECT_EQ(Journal::open(folder_.path()).looks(), (std::vector<JournalLook>{kPartLook, kLook}));
  const std::string text = read_text_file(file()).value();
  const auto with = [&](const std::string& spent) {
    std::string other = text;
    const std::string said = "\"spent\":0.25";
    folder_.write("journal.jsonl", other.replace(other.find(said), said.size(), spent));
  };
  for (const char* const spent : {"\"spent\":-0.1", "\"spent\":1.1", "\"spent\":\"all\""}) {
    with(spent);
    EXPECT_NE(error_of_open(), "") << spent;
  }
  with("\"said\":0");  // as earlier versions wrote it
  EXPECT_EQ(Journal::open(folder_.path()).looks()[0].spent, 1);
}

TEST_F(JournalTest, IsNotGoneOnWithInAnotherWay) {
  ComparisonPlan now = some_plan();
  now.interleaved = false;
  EXPECT_EQ(difference_of(some_plan(), now), "it was begun without --no-interleaving");
  EXPECT_EQ(difference_of(now, some_plan()), "it was begun with --no-interleaving");
  Journal::begin(folder_.path(), now);
  EXPECT_EQ(Journal::open(folder_.path()).plan(), now);
}

TEST_F(JournalTest, ReadsBackWhatWasWritten) {
  write_all();
  const Journal journal = Journal::open(folder_.path());
  EXPECT_EQ(journal.plan(), some_plan());
  EXPECT_EQ(journal.entries(), kEntries);
  EXPECT_EQ(journal.looks(), std::vector{kLook});
  EXPECT_EQ(journal.files(), kFiles);
}

ComparisonPlan plan_of_second() {
  ComparisonPlan plan = some_plan();
  plan.part = PlannedPart{.part = 2, .parts = 2, .rounds = 4};
  return plan;
}

const MachineIdentity kNode{.name = "node1", .id = "ab", .boot = "cd"};
const MachineIdentity kOther{.name = "node2", .id = "ef", .boot = "01"};

JournalEntry process_of(int round, std::size_t python) {
  return {.round = round, .python = python, .folder = "x", .failure = "", .wall_s = 1};
}

TEST_F(JournalTest, OfAPartSaysWhereEachProcessRan) {
  {
    Journal journal = Journal::begin(folder_.path(), plan_of_second());
    journal.add(kNode);
    journal.add(process_of(2, 0));
    journal.add(kNode);
    journal.add(process_of(2, 1));
    journal.add(kOther);
    journal.add(process_of(4, 0));
    EXPECT_EQ(journal.entries()[2].machine, 1U);
  }
  const Journal journal = Journal::open(folder_.path());
  EXPECT_EQ(journal.plan(), plan_of_second());
  EXPECT_EQ(journal.machines(), (std::vector{kNode, kOther}));
  ASSERT_EQ(journal.entries().size(), 3U);
  EXPECT_EQ(journal.entries()[1].machine, 0U);
  EXPECT_EQ(journal.entries()[2].machine, 1U);
  EXPECT_EQ(read_journal(folder_.path()).entries, journal.entries());
}

TEST_F(JournalTest, ForgetsARoundThatIsRunAgain) {
  Journal journal = Journal::begin(folder_.path(), plan_of_second());
  journal.add(kNode);
  journal.add(process_of(2, 0));
  journal.add(process_of(4, 0));
  journal.add(JournalAgain{.round = 4});
  EXPECT_EQ(journal.entries().size(), 1U);
  journal.add(process_of(4, 0));
  const JournalContents contents = read_journal(folder_.path());
  EXPECT_EQ(contents.entries, journal.entries());
  EXPECT_EQ(contents.entries.size(), 2U);
}

TEST_F(JournalTest, RefusesARoundOfAnotherPart) {
  const auto error_with = [&](const std::string& shard, const std::string& more) {
    Journal::begin(folder_.path(), some_plan());
    std::string text = read_text_file(file()).value();
    text.insert(text.rfind('}'), R"(,"shard":)" + shard);
    folder_.write("journal.jsonl", text + more);
    const std::string error = error_of([&] { read_journal(folder_.path()); });
    std::filesystem::remove(file());
    return error;
  };
  const std::string shard = R"({"part":2,"parts":2,"rounds":4})";
  const std::string machine = R"({"machine":{"name":"","id":"","boot":""}})"
                              "\n";
  const auto process = [](int round) {
    return R"({"round":)" + std::to_string(round) + R"(,"python":0,"folder":"","failure":"x","wall_s":1})" +
           "\n";
  };
  EXPECT_EQ(error_with(shard, machine + process(2) + process(4)), "");
  EXPECT_TRUE(contains(error_with(shard, machine + process(3)), "round 3 in it is none of part 2/2"));
  EXPECT_TRUE(contains(error_with(shard, machine + process(6)), "round 6 in it is none of part 2/2"));
  EXPECT_TRUE(contains(error_with(shard, process(2)), "nothing says on which machine"));
  EXPECT_TRUE(contains(error_with(R"({"part":3,"parts":2,"rounds":4})", ""), "there is no part 3/2"));
  EXPECT_TRUE(contains(error_with(R"({"part":0,"parts":2,"rounds":4})", ""), "there is no part 0/2"));
  EXPECT_TRUE(contains(error_with(R"({"part":1,"parts":5,"rounds":4})", ""), "there is no part 1/5 of 4"));
  EXPECT_TRUE(
      contains(error_with(R"({"part":1,"parts":1,"rounds":100001})", ""), "no whole number up to 100000"));
}

TEST_F(JournalTest, KeepsEveryByteOfAPath) {
  ComparisonPlan plan = some_plan();
  plan.pythons[0].binary = plan.pythons[0].text = "/py\xFF/python3";
  plan.files = {{"photo\xE9.jpg", "56"}};
  Journal::begin(folder_.path(), plan);
  const Journal journal = Journal::open(folder_.path());
  EXPECT_EQ(journal.plan().pythons[0], plan.pythons[0]);
  EXPECT_EQ(journal.plan().files, plan.files);
}

TEST_F(JournalTest, GoesOnWhereItEnded) {
  { Journal::begin(folder_.path(), some_plan()).add(kEntries[0]); }
  { Journal::open(folder_.path()).add(kEntries[1]); }
  Journal::open(folder_.path()).add(kEntries[2]);
  EXPECT_EQ(Journal::open(folder_.path()).entries(), kEntries);
}

// A kill may cut the file off after any byte: all whole lines count, and what comes next follows them.
TEST_F(JournalTest, LosesOneProcessAtTheMostWhereverItIsCutOff) {
  write_all();
  const std::string text = read_text_file(file()).value();
  const std::size_t first_line = text.find('\n') + 1;
  for (std::size_t length = 0; length <= text.size(); ++length) {
    folder_.write("journal.jsonl", text.substr(0, length));
    if (length < first_line) {
      EXPECT_TRUE(contains(error_of_open(), "start anew")) << length;
      continue;
    }
    const auto whole_lines = std::ranges::count(text.substr(0, length), '\n') - 1;
    JournalEntry next = kEntries[2];
    next.round = 3;
    { Journal::open(folder_.path()).add(next); }
    const auto entries = std::min(whole_lines, std::ssize(kEntries));  // the last lines are none
    std::vector<JournalEntry> expected(kEntries.begin(), kEntries.begin() + entries);
    expected.push_back(next);
    EXPECT_EQ(Journal::open(folder_.path()).entries(), expected) << length;
  }
}

TEST_F(JournalTest, IsBegunInThePlaceOfOneThatWasCutOffBeforeItBegan) {
  write_all();
  const std::string text = read_text_file(file()).value();
  for (std::size_t length = 0; length < text.find('\n') + 1; ++length) {
    folder_.write("journal.jsonl", text.substr(0, length));
    { Journal::begin(folder_.path(), some_plan()).add(kEntries[0]); }
    const Journal journal = Journal::open(folder_.path());
    EXPECT_EQ(journal.plan(), some_plan()) << length;
    EXPECT_EQ(journal.entries(), std::vector{kEntries[0]}) << length;
  }
}

TEST_F(JournalTest, IsNotBegunOverWhatIsNoJournal) {
  for (const char* const text : {"no line end", "{}", "{\"journa\"", "{\"journal\":1}\n", "\n"}) {
    folder_.write("journal.jsonl", text);
    EXPECT_THROW(Journal::begin(folder_.path(), some_plan()), UserError) << text;
    EXPECT_EQ(read_text_file(file()), text);
  }
}

TEST_F(JournalTest, IsNotBegunOverAnother) {
  write_all();
  EXPECT_THROW(Journal::begin(folder_.path(), some_plan()), UserError);
  EXPECT_EQ(Journal::open(folder_.path()).entries(), kEntries);
}

TEST_F(JournalTest, IsForOneProcessAtATime) {
  {
    const Journal first = Journal::begin(folder_.path(), some_plan());
    EXPECT_NE(error_of_open().find("another process goes on with this comparison"), std::string::npos);
    EXPECT_THROW(Journal::begin(folder_.path(), some_plan()), UserError);
  }
  const Journal second = Journal::open(folder_.path());
  EXPECT_NE(error_of_open().find("another process goes on with this comparison"), std::string::npos);
}

TEST_F(JournalTest, RefusesWhatIsNoJournal) {
  EXPECT_TRUE(contains(error_of_open(), "no comparison to go on with"));
  for (const char* text : {"\n", "{}\n", "[1]\n", "{\"journal\":2}\n", "no json\n"}) {
    folder_.write("journal.jsonl", text);
    EXPECT_NE(error_of_open(), "") << text;
  }
}

TEST_F(JournalTest, RefusesAnEntryOfNoInterpreter) {
  {
    Journal::begin(folder_.path(), some_plan())
        .add({.round = 1, .python = 2, .folder = "", .failure = "", .wall_s = 0});
  }
  EXPECT_TRUE(contains(error_of_open(), "contradicts itself"));
}

TEST_F(JournalTest, RefusesAProcessThatEndedTwice) {
  {
    Journal journal = Journal::begin(folder_.path(), some_plan());
    journal.add(kEntries[0]);
    journal.add(kEntries[0]);
  }
  EXPECT_TRUE(contains(error_of_open(), "contradicts itself"));
}

TEST_F(JournalTest, RefusesAComparisonOfOne) {
  ComparisonPlan plan = some_plan();
  plan.pythons.resize(1);
  { Journal::begin(folder_.path(), plan); }
  EXPECT_TRUE(contains(error_of_open(), "fewer than two interpreters"));
}

TEST_F(JournalTest, RefusesNumbersOutOfRange) {
  write_all();
  const std::string text = read_text_file(file()).value();
  const auto refusal_with = [&](const std::string& part, const std::string& by) {
    std::string edited = text;
    edited.replace(edited.find(part), part.size(), by);
    folder_.write("journal.jsonl", edited);
    return error_of_open();
  };
  EXPECT_EQ(refusal_with("\"round\":2", "\"round\":1000000000"), "");
  for (const char* const number : {"1000000001", "-1", "1e300", "1.5", "18446744073709551617"}) {
    EXPECT_TRUE(contains(refusal_with("\"round\":2", "\"round\":" + std::string(number)), "\"round\""))
        << number;
    EXPECT_TRUE(contains(refusal_with("\"python\":1", "\"python\":" + std::string(number)), "journal.jsonl"))
        << number;
  }
  EXPECT_TRUE(contains(refusal_with("\"seed\":4294967295", "\"seed\":4294967296"), "\"seed\""));
  EXPECT_TRUE(contains(refusal_with("\"wall_s\":0.5", "\"wall_s\":1e300"), "\"wall_s\""));
  EXPECT_TRUE(contains(refusal_with("\"wall_s\":0.5", "\"wall_s\":-1"), "\"wall_s\""));
}

TEST_F(JournalTest, RefusesAFileThatIsTooLarge) {
  write_all();
  std::filesystem::resize_file(file(), kMostFileBytes + 1);
  EXPECT_TRUE(contains(error_of_open(), "it is larger than 128 MiB"));
}

TEST(DifferenceOf, IsEmptyForTheSamePlan) {
  ComparisonPlan now = some_plan();
  now.arguments = {"--rounds=9"};
  EXPECT_EQ(difference_of(some_plan(), now), "");
}

TEST(DifferenceOf, NamesWhatDiffers) {
  const auto difference = [](auto change) {
    ComparisonPlan now = some_plan();
    change(now);
    return difference_of(some_plan(), now);
  };
  EXPECT_TRUE(contains(difference([](auto& now) { now.program_sha256 = "0"; }), "another build"));
  EXPECT_TRUE(contains(difference([](auto& now) { now.work_flags = {"--filter=x"}; }), "--filter=x"));
  EXPECT_TRUE(contains(difference([](auto& now) { now.seed = 1; }), "--seed=4294967295"));
  EXPECT_TRUE(
      contains(difference([](auto& now) { now.pythons.pop_back(); }), "--python=b=3.13t,PYTHON_GIL=1"));
  EXPECT_TRUE(contains(difference([](auto& now) { now.pythons[0].sha256 = "0"; }), "--python=a=3.11"));
  EXPECT_TRUE(contains(difference([](auto& now) { now.files["photo.jpg"] = "0"; }), "photo.jpg"));
  EXPECT_TRUE(contains(difference([](auto& now) { now.files["more.py"] = "0"; }), "files"));
  EXPECT_EQ(difference([](auto& now) { now.environment.clear(); }),
            "it was begun with OMP_NUM_THREADS=2, and not OMP_NUM_THREADS not set");
  EXPECT_EQ(difference([](auto& now) { now.environment["PYTHONHASHSEED"] = "0"; }),
            "it was begun with PYTHONHASHSEED not set, and not PYTHONHASHSEED=0");
}

}  // namespace
}  // namespace harness
