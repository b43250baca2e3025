// harness/report/account_sentence_test.cpp: a cause that the account does not have, a remedy for another one.
#include "harness/report/account_sentence.h"

#include <gtest/gtest.h>

#include "harness/row/test_rows.h"

namespace harness {
namespace {

std::string said_of(std::map<std::string, double> counters) {
  Row row = timed_row("sum/python_threads/threads:2", 1);
  row.counters = std::move(counters);
  return account_sentence(row);
}

TEST(AccountSentence, IsNoneWithoutAnAccountOrBesideOtherThreads) {
  EXPECT_EQ(said_of({{"account_gil_wait", 0.5}}), "");
  EXPECT_EQ(said_of({{"account_useful", 0.5}, {"account_other_threads", 0.03}}), "");
  EXPECT_NE(said_of({{"account_useful", 0.5}, {"account_other_threads", 0.01}}), "");
}

TEST(AccountSentence, SaysThatThreadsShareCacheLinesWhereNothingElseKeptThem) {
  EXPECT_EQ(said_of({{"account_useful", 0.5}, {"account_slower", 0.45}}),
            "each ran all the time, and needed 1.90 × the CPU time for the same work: they share cache lines "
            "(reference counts, most likely)");
  EXPECT_EQ(
      said_of({{"account_useful", 0.5},
               {"account_slower", 0.45},
               {"account_lock_wait", 0.001},
               {"account_lock_spin", 0},
               {"account_baseline_interval", 0.03}}),
      "no lock was waited for; each ran all the time, and needed 1.90 × (± 3.00 %) the CPU time for the "
      "same work: they share cache lines (reference counts, most likely)");
}

TEST(AccountSentence, SaysThatAllIsWellWhereItIs) {
  EXPECT_EQ(said_of({{"account_useful", 0.98}, {"account_slower", 0.01}, {"account_idle", 0.01}}),
            "each ran all the time, and needed no more CPU time for the same work");
}

TEST(AccountSentence, SaysHowLongTheGilWasWaitedFor) {
  EXPECT_EQ(said_of({{"account_useful", 0.5}, {"account_gil_wait", 0.48}, {"gil_held_share", 0.999}}),
            "the GIL was held 99.9 % of the time, and each thread waited for 48.0 % of it; native code that "
            "releases it, subinterpreters or processes would not wait");
}

TEST(AccountSentence, SaysHowLongLocksWereWaitedForAndSpunFor) {
  EXPECT_EQ(said_of({{"account_useful", 0.3}, {"account_lock_wait", 0.4}, {"account_lock_spin", 0.2}}),
            "each waited for locks for 60.0 % of its time (20.0 % spinning); an object for each thread, or "
            "fewer uses of one that they share, would help");
}

TEST(AccountSentence, SaysWhatTheWorldWasStoppedForAndWhatHelpsAgainstThat) {
  Row row = timed_row("sum/python_threads/threads:2", 1);
  row.counters = {{"account_useful", 0.4}, {"account_slower", 0.1}, {"account_world_stopped", 0.5}};
  EXPECT_TRUE(
      account_sentence(row).starts_with("the interpreter stopped each for 50.0 % of its time; each needed"));
  row.contention.stops = {{.why = "garbage collection"}};
  EXPECT_EQ(
      account_sentence(row),
      "the interpreter stopped each for 50.0 % of its time, longest for: garbage collection; fewer of them "
      "would help (gc.freeze(), gc.set_threshold()); each needed 1.25 × the CPU time for the same work: a "
      "garbage collection visits the objects of all threads, most likely");
  row.contention.stops.front().why = "a type changes";
  EXPECT_EQ(
      account_sentence(row),
      "the interpreter stopped each for 50.0 % of its time, longest for: a type changes; each needed 1.25 × "
      "the CPU time for the same work: they share cache lines (reference counts, most likely)");
}

TEST(AccountSentence, AdvisesNoSmallerPartsWhereEachThreadDoesAll) {
  Row row = timed_row("mine.it/python_threads/threads:2", 1);
  row.traits.each_does_all = true;
  row.counters = {{"account_useful", 0.7}, {"account_idle", 0.3}};
  EXPECT_EQ(account_sentence(row),
            "each had nothing left to do for 30.0 % of its time, on average; one was done before another");
}

TEST(AccountSentence, HasTheTwoLargestCausesTheLargerOneFirst) {
  EXPECT_EQ(
      said_of({{"account_useful", 0.3},
               {"account_slower", 0.06},
               {"account_blocked", 0.07},
               {"account_not_scheduled", 0.2},
               {"account_idle", 0.3}}),
      "each had nothing left to do for 30.0 % of its time, on average; smaller parts would spread the work "
      "evenly; for 20.0 % of its time each could run and had no core; fewer threads, or more cores, would "
      "help");
  EXPECT_EQ(
      said_of({{"account_useful", 0.4}, {"account_slower", 0.35}, {"account_idle", 0.2}}),
      "each needed 1.88 × the CPU time for the same work: they share cache lines (reference counts, most "
      "likely); each had nothing left to do for 20.0 % of its time, on average; smaller parts would spread "
      "the work evenly");
}

TEST(AccountSentence, NamesMoreCpuTimeBeforeALossThatIsSmaller) {
  EXPECT_EQ(
      said_of({{"account_useful", 0.27},
               {"account_slower", 0.18},
               {"account_not_scheduled", 0.44},
               {"account_idle", 0.1}}),
      "for 44.0 % of its time each could run and had no core; fewer threads, or more cores, would help; each "
      "needed 1.67 × the CPU time for the same work: they share cache lines (reference counts, most likely)");
}

TEST(AccountSentence, SaysWhoHadTheCores) {
  const std::map<std::string, double> counters{{"account_useful", 0.5}, {"account_not_scheduled", 0.5}};
  auto beside_others = counters;
  beside_others["others_cpu_share"] = 0.4;
  EXPECT_EQ(
      said_of(counters),
      "for 50.0 % of its time each could run and had no core; fewer threads, or more cores, would help");
  EXPECT_EQ(said_of(beside_others),
            "for 50.0 % of its time each could run and had no core; others had 40.0 % of the machine");
}

TEST(AccountSentence, GuessesAtNothingOfTheThreadsBesideOthers) {
  const std::string more = "each ran all the time, and needed 2.00 × the CPU time for the same work: ";
  std::map<std::string, double> counters{{"account_useful", 0.45}, {"account_slower", 0.45}};
  counters["others_cpu_share"] = 0.1;
  EXPECT_EQ(said_of(counters), more + "they share cache lines (reference counts, most likely)");
  counters["stolen_cpu_share"] = 0.3;
  EXPECT_EQ(said_of(counters),
            more + "others, which had 40.0 % of the machine, slowed its cores, most likely");
}

TEST(AccountSentence, SaysNothingOfLocksThatNobodyWaitedForWhereThereIsAGil) {
  EXPECT_TRUE(said_of({{"account_useful", 0.5}, {"account_gil_wait", 0.5}, {"account_lock_wait", 0}})
                  .starts_with("each waited for the GIL for 50.0 % of its time; "));
}

TEST(AccountSentence, SaysOfWhatIsBlockedWhetherLocksAreAmongIt) {
  const auto said = [](bool traced) {
    std::map<std::string, double> counters{{"account_useful", 0.5}, {"account_blocked", 0.5}};
    if (traced) counters["account_lock_wait"] = 0.02;
    return said_of(counters);
  };
  EXPECT_EQ(said(false), "each was blocked for 50.0 % of its time, by locks, in I/O or in sleep");
  EXPECT_EQ(said(true),
            "each was blocked for 50.0 % of its time, in I/O, in sleep or by another thread's work");
}

TEST(AccountSentence, BlamesNoReferenceCountsWhereThreadsTakeTurns) {
  EXPECT_EQ(
      said_of({{"account_useful", 0.4}, {"account_slower", 0.1}, {"account_gil_wait", 0.02}}),
      "each ran all the time, and needed 1.25 × the CPU time for the same work: caches are cold after each "
      "switch, most likely");
}

}  // namespace
}  // namespace harness
