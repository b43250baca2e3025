// harness/report/summary_test.cpp: a sentence that says more than the rows show.
#include "harness/report/summary.h"

#include <gtest/gtest.h>

#include "harness/row/test_rows.h"

namespace harness {
namespace {

Row row_of(const std::string& workload, const std::string& strategy, int threads, double time_s) {
  return timed_row(workload + "/" + strategy + "/threads:" + std::to_string(threads), time_s);
}

Row failed_row(const std::string& workload, const std::string& strategy, const std::string& error) {
  return untimed_row(workload + "/" + strategy + "/threads:1", error);
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Summary, HasALineARowAndASentenceForEachWorkload) {
  const std::string text =
      summarize({row_of("countdown", "python", 1, 0.4), row_of("countdown", "python_threads", 2, 0.6),
                 row_of("countdown", "openmp", 2, 0.002), row_of("sum", "python", 1, 1)},
                true, false);
  EXPECT_EQ(text,
            "\n"
            "countdown  (× = how many times faster than pure Python)\n"
            "  python          1 thread        400 ms\n"
            "  python_threads  2 threads       600 ms    0.667 ×\n"
            "  openmp          2 threads      2.00 ms      200 ×\n"
            "  2 Python threads took 1.50 × as long as one: only one of them can hold the GIL. openmp on 2 "
            "threads was 200 × as fast as pure Python.\n"
            "\n"
            "sum  (× = how many times faster than pure Python)\n"
            "  python  1 thread        1.00 s\n");
}

TEST(Summary, ComparesRatesAndSaysWhoDidAPart) {
  Row native = pixels_row("gray/native/threads:1", 0.5, 1000);
  native.counters["of_ceiling"] = 0.25;
  EXPECT_EQ(summarize({pixels_row("gray/python/threads:1", 1, 10), native}, true, false),
            "\n"
            "gray  (× = how many times faster than pure Python)\n"
            "  python  1 thread        1.00 s             (10 of 1,000)\n"
            "  native  1 thread        500 ms      200 ×  25.0 % of the memory's speed\n"
            "  native on 1 thread was 200 × as fast as pure Python.\n");
}

TEST(Summary, HasASectionForEachSizeAndTheRatesOfMemory) {
  Row ceiling = pixels_row("memory/read3_write1/size:8x4/threads:1/stores:ordinary", 1, 32);
  ceiling.counters["bytes_per_second"] = 12.5e9;
  EXPECT_EQ(summarize({ceiling, pixels_row("gray/native/size:8x4/threads:1", 1, 32),
                       pixels_row("gray/native/size:2x2/threads:1", 1, 4)},
                      true, false),
            "\n"
            "memory 8x4  (what bounds grayscale: its traffic without its arithmetic)\n"
            "  read3_write1, ordinary stores  1 thread      12.5 GB/s\n"
            "\n"
            "gray 8x4\n"
            "  native  1 thread        1.00 s\n"
            "\n"
            "gray 2x2\n"
            "  native  1 thread        1.00 s\n");
}

TEST(Summary, ComparesNothingWithoutPurePython) {
  const std::vector<Row> rows{failed_row("sum", "python", "no script"), row_of("sum", "native", 1, 0.001)};
  EXPECT_EQ(summarize(rows, true, false),
            "\n"
            "sum\n"
            "  python  1 thread     failed: no script\n"
            "  native  1 thread       1.00 ms\n");
}

TEST(Summary, SpeaksOfTheRowWithTheMostPythonThreadsOnly) {
  const std::string text =
      summarize({row_of("sum", "python", 1, 1), row_of("sum", "python_threads", 1, 0.5),
                 row_of("sum", "python_threads", 8, 1.02), row_of("sum", "python_threads", 2, 3)},
                true, false);
  EXPECT_TRUE(contains(text, "  8 Python threads took as long as one: only one of them can hold the GIL.\n"))
      << text;
}

TEST(Summary, SaysThatThereIsNoGilOnlyWhereThereIsNone) {
  const std::vector<Row> rows{row_of("sum", "python", 1, 1), row_of("sum", "python_threads", 2, 0.5)};
  EXPECT_TRUE(contains(summarize(rows, false, false),
                       "  2 Python threads took 0.500 × as long as one: they share no GIL.\n"));
  EXPECT_TRUE(
      contains(summarize(rows, true, false),
               "  2 Python threads took 0.500 × as long as one: only one of them can hold the GIL.\n"));
}

TEST(Summary, ExplainsThreadsByTheirTrace) {
  std::vector<Row> rows{row_of("sum", "python", 1, 1), row_of("sum", "python_threads", 2, 1.24)};
  rows[1].counters["gil_held_share"] = 0.999;
  rows[1].counters["gil_wait_share"] = 0.5;
  EXPECT_TRUE(
      contains(summarize(rows, true, false),
               "  2 Python threads took 1.24 × as long as one: the GIL was held 99.9 % of the time, and "
               "each thread waited for 50.0 % of it.\n"));
}

TEST(Summary, SaysOfTheGilsOwnExperimentsWhatTheyAreAbout) {
  Row row = timed_row("gil/convoy/spinners:1/interval_us:5000", 1);
  row.counters = {{"latency_p50_ns", 5e6}, {"latency_p99_ns", 6e6}, {"latency_max_ns", 7e6}};
  EXPECT_TRUE(contains(summarize({row}, true, false), "p50 5.00 ms, p99 6.00 ms, longest 7.00 ms\n"));
}

TEST(Summary, TakesNoFailedRowForTheWidestTeamOrTheFastest) {
  Row failed = row_of("sum", "python_threads", 8, 0.1);
  failed.outcome = Outcome::failed;
  const std::string text =
      summarize({row_of("sum", "python", 1, 1), row_of("sum", "python_threads", 2, 1), failed}, true, false);
  EXPECT_TRUE(contains(text, "  2 Python threads took as long as one")) << text;
  EXPECT_FALSE(contains(text, "as fast as pure Python")) << text;
}

TEST(Summary, IsColouredGreenForFasterYellowForSameRedForSlowerAndFailed) {
  const std::string text = summarize(
      {row_of("sum", "python", 1, 1), row_of("sum", "native", 1, 0.5), row_of("sum", "same", 1, 1.01),
       row_of("sum", "slow", 1, 2), failed_row("sum", "opencv", "why")},
      true, true);
  EXPECT_TRUE(contains(text, "\033[1msum\033[0m")) << text;
  EXPECT_TRUE(contains(text, "\033[32m   2.00 ×\033[0m")) << text;
  EXPECT_TRUE(contains(text, "\033[33m  0.990 ×\033[0m")) << text;
  EXPECT_TRUE(contains(text, "\033[31m  0.500 ×\033[0m")) << text;
  EXPECT_TRUE(contains(text, "\033[31mfailed: why\033[0m")) << text;
}

TEST(Summary, HasNoEscapesWithoutColour) {
  EXPECT_FALSE(contains(summarize({row_of("sum", "python", 1, 1)}, true, false), "\033"));
}

}  // namespace
}  // namespace harness
