// harness/report/run_sentences_test.cpp: a sentence that says more than the rows show.
#include "harness/report/run_sentences.h"

#include <gtest/gtest.h>

#include "harness/row/test_rows.h"

namespace harness {
namespace {

Row row_of(const std::string& strategy, int threads, double time_s) {
  return timed_row("sum/" + strategy + "/threads:" + std::to_string(threads), time_s);
}

TEST(Sentences, SayWhatThreadsAndTheFastestRowTook) {
  EXPECT_EQ(
      sentences_of({row_of("python", 1, 0.4), row_of("python_threads", 2, 0.6), row_of("openmp", 2, 0.002)},
                   {}),
      "2 Python threads took 1.50 × as long as one: only one of them can hold the GIL. openmp on 2 threads "
      "was "
      "200 × as fast as pure Python.");
}

TEST(Sentences, AreNoneWithoutABaselineOrAnythingBesideIt) {
  EXPECT_EQ(sentences_of({}, {}), "");
  EXPECT_EQ(sentences_of({row_of("python", 1, 1)}, {}), "");
  EXPECT_EQ(sentences_of({untimed_row("sum/python/threads:1", "no script"), row_of("native", 1, 0.001)}, {}),
            "");
}

TEST(Sentences, AreAboutTheMostThreadsThatWereTimed) {
  const auto about = [](const Row& widest) {
    return sentences_of(
        {row_of("python", 1, 1), row_of("python_threads", 1, 0.5), row_of("python_threads", 2, 3), widest},
        {});
  };
  EXPECT_TRUE(about(row_of("python_threads", 8, 1.02)).starts_with("8 Python threads took as long as one: "));
  EXPECT_TRUE(about(untimed_row("sum/python_threads/threads:8", "stopped"))
                  .starts_with("2 Python threads took 3.00 ×"));
}

TEST(Sentences, SayWhatTheTraceSaysOfWhy) {
  std::vector<Row> rows{row_of("python", 1, 1), row_of("python_threads", 2, 1.24)};
  rows[1].counters = {{"gil_held_share", 0.999}, {"gil_wait_share", 0.5}};
  EXPECT_EQ(sentences_of(rows, {}),
            "2 Python threads took 1.24 × as long as one: the GIL was held 99.9 % of the time, and each "
            "thread waited "
            "for 50.0 % of it.");
}

TEST(Sentences, SayWhatTheAccountSaysOfWhy) {
  std::vector<Row> rows{row_of("python", 1, 1), row_of("python_threads", 2, 1.04)};
  rows[1].counters = {{"account_useful", 0.5}, {"account_slower", 0.45}, {"account_lock_wait", 0}};
  EXPECT_EQ(sentences_of(rows, {.gil_enabled = false}),
            "2 Python threads took as long as one: no lock was waited for; each ran all the time, and needed "
            "1.90 × the CPU time for the same work: they share cache lines (reference counts, most likely).");
}

TEST(Sentences, SayWhereNothingSaysWhyWithoutAGil) {
  EXPECT_EQ(sentences_of({row_of("python", 1, 1), row_of("python_threads", 2, 0.5)}, {.gil_enabled = false}),
            "2 Python threads took 0.500 × as long as one. No account says why.");
}

TEST(Sentences, CompareTheWorkASecondWhereEachThreadDoesAll) {
  std::vector<Row> rows{row_of("python", 1, 1), row_of("python_threads", 2, 4)};
  rows[1].traits.each_does_all = true;
  rows[1].traits.item_unit = "calls";
  rows[1].counters["calls"] = 2;
  EXPECT_EQ(sentences_of(rows, {.gil_enabled = false}),
            "2 threads did 0.500 × the work a second of one. No account says why.");
}

TEST(Sentences, SayWhyThereIsNoAccount) {
  std::vector<Row> rows{row_of("python", 1, 1), row_of("python_threads", 2, 0.5)};
  rows[1].remarks = {"no GIL", "no account (the row on one thread had threads of its own)"};
  EXPECT_EQ(sentences_of(rows, {.gil_enabled = false}),
            "2 Python threads took 0.500 × as long as one: no account (the row on one thread had threads of "
            "its own).");
  rows[1].remarks = {"account withheld: two spans of a thread overlap by 1.00 ms"};
  EXPECT_EQ(sentences_of(rows, {.gil_enabled = false}),
            "2 Python threads took 0.500 × as long as one (account withheld: two spans of a thread overlap "
            "by 1.00 ms).");
}

TEST(Sentences, CompareTheTimeOfAnItem) {
  EXPECT_EQ(
      sentences_of(
          {pixels_row("gray/python/threads:1", 1, 10), pixels_row("gray/native/threads:1", 0.5, 1000)}, {}),
      "native on 1 thread was 200 × as fast as pure Python.");
}

}  // namespace
}  // namespace harness
