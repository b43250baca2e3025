// harness/commands/bisect_flags_test.cpp: a wrong command line that git bisect would take for a bad commit.
#include "harness/commands/bisect_flags.h"

#include <gtest/gtest.h>

#include "harness/commands/trace_flags.h"
#include "harness/error.h"
#include "harness/testing/assertions.h"
#include "harness/workloads/workload.h"

namespace harness::bisect_flags_test {
namespace {

using Strings = std::vector<std::string>;

const std::vector<CommandWords> kCommands{
    {.name = "run", .help = "", .runs = Runs::rows}, bisect_run_words(), trace_words()};

std::vector<const char*> argv_of(const Strings& words) {
  std::vector<const char*> argv{"harness"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  return argv;
}

Options options_of(const Strings& words) {
  const auto argv = argv_of(words);
  return parse_options(static_cast<int>(argv.size()), argv.data(), 2,
                       {.commands = kCommands,
                        .workloads = {},
                        .strategies = {},
                        .parameters = parameters_of(all_workloads()),
                        .formats = {"console", "gbench", "json", "csv"}})
      .options;
}

Strings step_and(const Strings& more) {
  Strings words{"bisect-run", "--bad-if=slower:3%", "--python=good=3.11", "--python=new=./python"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::string refusal_of(const Strings& words) {
  return error_of([&] { options_of(words); });
}

BisectOptions bisect_of(const Strings& words) {
  return bisect_options(options_of(words));
}

/// Whether an error of that command line ends a bisection.
bool ends(const Strings& words) {
  const auto argv = argv_of(words);
  return error_status(static_cast<int>(argv.size()), argv.data(), kCommands) == 128;
}

TEST(BisectFlags, AreTaken) {
  const Options options = options_of(step_and({"--rounds=5", "--", "make", "-j2", "--", "a b"}));
  EXPECT_EQ(options.command, "bisect-run");
  EXPECT_DOUBLE_EQ(bisect_options(options).worse_than, 0.03);
  EXPECT_EQ(bisect_options(options).build, (Strings{"make", "-j2", "--", "a b"}));
  EXPECT_EQ(bisect_options(options).baseline, "");
  EXPECT_EQ(options.compare.rounds, 5);
  EXPECT_EQ(options.pythons.at(1).label, "new");
  EXPECT_EQ(options.command_line,
            "harness bisect-run --bad-if=slower:3% --python=good=3.11 --python=new=./python --rounds=5 "
            "-- make -j2 -- 'a b'");
  EXPECT_EQ(options.given_flags, (Strings{"--python=good=3.11", "--python=new=./python", "--rounds=5"}));
}

TEST(BisectFlags, NeedNoBuild) {
  EXPECT_EQ(bisect_of(step_and({})).build, Strings{});
  EXPECT_TRUE(contains(refusal_of(step_and({"--"})), "give the command that builds a commit"));
}

TEST(BisectFlags, AreSurerThanAComparisonAndTakeABudget) {
  EXPECT_EQ(options_of(step_and({})).compare.confidence, 0.99);
  EXPECT_EQ(options_of(step_and({})).compare.budget_s, 300);
  EXPECT_EQ(options_of(step_and({"--confidence=90"})).compare.confidence, 0.9);
  EXPECT_EQ(options_of(step_and({"--budget=7"})).compare.budget_s, 7);
}

TEST(BisectFlags, TakeAStoredBaselineAndOneInterpreterAtTheMost) {
  const Strings stored{"bisect-run", "--bad-if=slower:3%", "--baseline=good.json"};
  EXPECT_EQ(bisect_of(stored).baseline, "good.json");
  EXPECT_EQ(options_of(stored).pythons.at(0).label, "default");
  EXPECT_TRUE(contains(refusal_of(step_and({"--baseline=good.json"})), "--baseline has the other"));
}

TEST(BisectFlags, AreRefusedWithWhatMeansNothing) {
  EXPECT_TRUE(contains(refusal_of({"bisect-run", "--python=a=1", "--python=b=2"}), "--bad-if=slower:3%"));
  EXPECT_TRUE(
      contains(refusal_of({"bisect-run", "--bad-if=3%", "--python=a=1", "--python=b=2"}), "--bad-if=3%"));
  EXPECT_TRUE(contains(refusal_of({"bisect-run", "--bad-if=slower:0%", "--python=a=1", "--python=b=2"}),
                       "--bad-if=slower"));
  EXPECT_TRUE(contains(refusal_of({"bisect-run", "--bad-if=slower:3%", "--python=3.11"}), "--python: "));
  EXPECT_TRUE(contains(refusal_of(step_and({"--python=third=3.12"})), "takes two"));
  EXPECT_TRUE(contains(refusal_of({"bisect-run", "--bad-if=slower:3%", "--python=all"}), "--python=all"));
  EXPECT_TRUE(contains(refusal_of({"bisect-run", "--bad-if=slower:3%", "--python=a=3.11", "--python=b=3.11"}),
                       "could not differ"));
  for (const char* const flag : {"--fail-if=slower:5%", "--resume=x", "--shard=1/2", "--list",
                                 "--list-pythons", "--gil-trace=t.json", "--format=json"}) {
    const std::string name = std::string(flag).substr(0, std::string(flag).find('='));
    EXPECT_TRUE(contains(refusal_of(step_and({flag})), name.substr(0, 6))) << flag;
  }
}

TEST(BisectFlags, TellTheSameInterpreterApartByItsVariables) {
  const Options options =
      options_of({"bisect-run", "--bad-if=slower:3%", "--python=a=3.11,X=1", "--python=b=3.11,X=2"});
  EXPECT_EQ(options.pythons.size(), 2U);
}

TEST(ErrorsOfAStep, EndTheBisectionAlsoWhereTheCommandLineIsWrong) {
  EXPECT_TRUE(ends({"bisect-run", "--nosuch"}));
  EXPECT_TRUE(ends({"--nosuch", "bisect-run"}));
  EXPECT_TRUE(ends({"--out", "trace", "bisect-run"}));
  EXPECT_FALSE(ends({"--filter=bisect-run"}));
  EXPECT_FALSE(ends({"trace", "bisect-run"}));
  EXPECT_FALSE(ends({"compare", "--", "bisect-run"}));
  EXPECT_FALSE(ends({}));
}

}  // namespace
}  // namespace harness::bisect_flags_test
