// harness/cli/compare_flags_test.cpp: a flag of a comparison that does nothing, or contradicts another.
#include "harness/cli/compare_flags.h"

#include <gtest/gtest.h>

#include "harness/cli/options.h"
#include "harness/error.h"
#include "harness/testing/assertions.h"
#include "harness/workloads/workload.h"

namespace harness::compare_flags_test {
namespace {

using Strings = std::vector<std::string>;

Options options_of(const Strings& flags) {
  std::vector<const char*> argv{"harness"};
  for (const std::string& flag : flags) argv.push_back(flag.c_str());
  return parse_options(static_cast<int>(argv.size()), argv.data(), 2,
                       {.commands = {{.name = "run", .help = "", .runs = Runs::rows},
                                     {.name = "compare",
                                      .help = "",
                                      .operand = "FILE",
                                      .several = true,
                                      .runs = Runs::stored,
                                      .shared_flags = {"--margin", "--format"}},
                                     {.name = "merge",
                                      .help = "",
                                      .operand = "DIR",
                                      .several = true,
                                      .runs = Runs::stored,
                                      .shared_flags = {"--margin", "--out", "--fail-if"}}},
                        .workloads = {},
                        .strategies = {},
                        .parameters = parameters_of(all_workloads()),
                        .formats = {"console", "gbench", "json", "csv"}})
      .options;
}

std::string refusal_of(const Strings& flags) {
  return error_of([&] { options_of(flags); });
}

const Strings kTwo{"--python=3.11", "--python=3.12"};

Strings two_and(const Strings& more) {
  Strings flags = kTwo;
  flags.insert(flags.end(), more.begin(), more.end());
  return flags;
}

TEST(CompareFlags, AskForAComparisonWhereSeveralInterpretersAreNamed) {
  EXPECT_FALSE(options_of({"--python=3.11"}).compares);
  EXPECT_TRUE(options_of(kTwo).compares);
  EXPECT_TRUE(options_of({"--python=all"}).compares);
  EXPECT_TRUE(options_of({"--resume=folder"}).compares);
  EXPECT_EQ(options_of({"compare", "a.json", "b.json"}).command, "compare");
}

TEST(CompareFlags, AreTaken) {
  const Options options = options_of(two_and({"--rounds=7", "--budget=90", "--seed=4294967295", "--timeout=5",
                                              "--margin=2%", "--confidence=99", "--fail-if=slower:5%"}));
  EXPECT_EQ(options.compare.rounds, 7);
  EXPECT_EQ(options.compare.budget_s, 90);
  EXPECT_EQ(options.compare.seed, 4294967295U);
  EXPECT_EQ(options.compare.timeout_s, 5);
  EXPECT_DOUBLE_EQ(options.compare.margin, 0.02);
  EXPECT_DOUBLE_EQ(options.compare.confidence, 0.99);
  EXPECT_DOUBLE_EQ(options.compare.fail_if_slower.value(), 0.05);
}

TEST(CompareFlags, HaveProcessesTakeTurnsUnlessThatIsNotWanted) {
  EXPECT_TRUE(options_of(kTwo).compare.interleaved);
  const Options options = options_of(two_and({"--no-interleaving"}));
  EXPECT_FALSE(options.compare.interleaved);
  EXPECT_EQ(options.work_flags, Strings{"--threads=1,2,4"});
}

TEST(CompareFlags, TakeAPartOfTheRounds) {
  EXPECT_EQ(options_of(two_and({"--shard=2/8"})).compare.shard, (Shard{.part = 2, .parts = 8}));
  EXPECT_EQ(options_of(two_and({"--shard=10/10"})).compare.shard, (Shard{.part = 10, .parts = 10}));
  EXPECT_FALSE(options_of(kTwo).compare.shard);
  for (const char* const text : {"0/2", "3/2", "-1/2", "1", "1/", "/2", "a/b", "1/2/3", "1/0", "1/100001"}) {
    EXPECT_TRUE(contains(refusal_of(two_and({"--shard=" + std::string(text)})),
                         "--shard=" + std::string(text) + ": give I/N for part I of N"))
        << text;
  }
}

TEST(CompareFlags, RefuseAPartOfABudgetOfFewerRoundsAndOfVerdicts) {
  EXPECT_TRUE(contains(refusal_of(two_and({"--shard=1/2", "--budget=5"})), "leave --budget out"));
  EXPECT_TRUE(contains(refusal_of(two_and({"--shard=1/11"})), "--rounds=10"));
  EXPECT_EQ(refusal_of(two_and({"--shard=1/11", "--rounds=11"})), "");
  for (const char* const flag : {"--margin=1%", "--confidence=90", "--fail-if=slower:5%"})
    EXPECT_TRUE(contains(refusal_of(two_and({"--shard=1/2", flag})), "has no verdicts")) << flag;
}

TEST(CompareFlags, OfVerdictsAreTakenWherePartsAreMerged) {
  const Options options = options_of({"merge", "a", "b", "--margin=3%", "--out=c", "--fail-if=slower:5%"});
  EXPECT_EQ(options.operands, (std::vector<std::filesystem::path>{"a", "b"}));
  EXPECT_DOUBLE_EQ(options.compare.margin, 0.03);
  for (const char* const flag : {"--rounds=5", "--shard=1/2", "--seed=1", "--python=3.11", "--resume=x"})
    EXPECT_TRUE(contains(refusal_of({"merge", "a", "b", flag}), "harness merge reads")) << flag;
}

TEST(CompareFlags, MayFollowTheFiles) {
  const Options options = options_of({"compare", "a.json", "b.json", "--margin=3%", "--format=csv"});
  EXPECT_EQ(options.operands, (std::vector<std::filesystem::path>{"a.json", "b.json"}));
  EXPECT_DOUBLE_EQ(options.compare.margin, 0.03);
  EXPECT_EQ(options.format, "csv");
}

TEST(CompareFlags, AreRefusedWithAValueThatMeansNothing) {
  for (const Strings& flags : {Strings{"--rounds=0"},
                               {"--rounds=x"},
                               {"--budget=-1"},
                               {"--seed=-1"},
                               {"--seed=4294967296"},
                               {"--timeout=0"},
                               {"--margin=0%"},
                               {"--margin=100"},
                               {"--confidence=100%"},
                               {"--fail-if=5%"},
                               {"--fail-if=slower:0%"}}) {
    const std::string flag = flags[0].substr(0, flags[0].find('='));
    EXPECT_TRUE(contains(refusal_of(two_and(flags)), flag)) << flags[0];
  }
}

TEST(CompareFlags, AreRefusedWhereNothingIsCompared) {
  for (const char* flag : {"--rounds=5", "--budget=5", "--seed=1", "--shard=1/2", "--timeout=5",
                           "--no-interleaving", "--margin=1%", "--confidence=90", "--fail-if=slower:5%"}) {
    EXPECT_TRUE(contains(refusal_of({"--python=3.11", flag}), "several --python")) << flag;
  }
}

TEST(CompareFlags, OfRunsAreRefusedWhereFilesAreCompared) {
  for (const char* flag : {"--rounds=5", "--budget=5", "--seed=1", "--timeout=5", "--no-interleaving",
                           "--python=3.11", "--resume=x"}) {
    EXPECT_TRUE(contains(refusal_of({"compare", "a.json", "b.json", flag}), "stored runs")) << flag;
  }
}

TEST(CompareFlags, RefuseATimelineOfManyProcesses) {
  EXPECT_TRUE(contains(refusal_of(two_and({"--gil-trace=t.json"})), "--gil-trace"));
}

TEST(CompareFlags, TakeAllOnlyAlone) {
  EXPECT_TRUE(options_of({"--python=all"}).all_pythons);
  EXPECT_TRUE(contains(refusal_of({"--python=all", "--python=3.11"}), "all goes with no other"));
}

TEST(WorkFlags, AreThoseThatSayWhatIsRunAndHow) {
  const Options options = options_of(two_and(
      {"--filter=countdown", "--code=source", "--countdown-steps=5", "--repetitions=2", "--no-gil-trace",
       "--benchmark_min_warmup_time=0", "--rounds=3", "--out=x", "--format=json", "--color=never"}));
  EXPECT_EQ(options.work_flags,
            (Strings{"--threads=1,2,4", "--filter=countdown", "--code=source", "--countdown-steps=5",
                     "--repetitions=2", "--no-gil-trace", "--benchmark_min_warmup_time=0"}));
}

}  // namespace
}  // namespace harness::compare_flags_test
