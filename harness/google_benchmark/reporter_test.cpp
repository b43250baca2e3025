// harness/google_benchmark/reporter_test.cpp: a speedup against a row that did not run, a failed row without
// its reason, an interrupted one that passes for finished.
#include "harness/google_benchmark/reporter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/google_benchmark/test_records.h"
#include "harness/row/account.h"

namespace harness {
namespace {

/// A reporter of a plan that has the rows of these names.
struct PlannedReporter : RowReporter {
  explicit PlannedReporter(const std::vector<std::string>& names)
      : RowReporter(
            planned(names), [this](const Row& row, const std::vector<Run>&) { finished.push_back(row); },
            [this] { ++aggregated; }) {
    ReportContext(Context());
  }

  static std::vector<Experiment> planned(const std::vector<std::string>& names) {
    std::vector<Experiment> plan;
    for (const std::string& name : names) {
      const Row row = stored_row(name);
      plan.push_back({.id = row.id, .traits = row.traits, .prepare = {}});
    }
    return plan;
  }

  std::vector<Row> finished;
  int aggregated = 0;
};

/// Of every row that these tests report.
struct SilentReporter : PlannedReporter {
  SilentReporter()
      : PlannedReporter({"grayscale/openmp/threads:2", "sum/native/threads:1", "other/python/threads:1",
                         "sum/python/threads:1", "sum/openmp/threads:1", "countdown/python/threads:1",
                         "countdown/native/threads:1"}) {}
};

/// What json() gives, as a reader takes it. Google Benchmark keeps custom context for the whole process, so
/// each test has keys of its own.
nlohmann::json parsed(RowReporter& reporter, const ContextEntries& context) {
  return nlohmann::json::parse(reporter.json(context, true));
}

TEST(Rows, AreMadeOfTheRepetitionsOfOneName) {
  SilentReporter reporter;
  reporter.ReportRuns(repetitions("grayscale/openmp/threads:2", {0.004, 0.001, 0.002}));
  EXPECT_EQ(reporter.aggregated, 0);
  reporter.ReportRuns(aggregates("grayscale/openmp/threads:2", 0.002));
  EXPECT_EQ(reporter.finished.size(), 1U);
  EXPECT_EQ(reporter.aggregated, 1);
  ASSERT_EQ(reporter.rows().size(), 1U);
  const Row row = reporter.rows().front();
  EXPECT_EQ(row.id, parse_row_id("grayscale/openmp/threads:2"));
  ASSERT_EQ(row.times_s.size(), 3U);
  EXPECT_DOUBLE_EQ(row.times_s[0], 0.004);
  EXPECT_DOUBLE_EQ(row.median_s(), 0.002);
  EXPECT_TRUE(row.ok());
}

TEST(Rows, HaveTheMedianOfEachCounter) {
  SilentReporter reporter;
  std::vector<Record> runs = repetitions("sum/native/threads:1", {1, 1, 1});
  runs[0].counters["rate"] = 5;
  runs[1].counters["rate"] = 100;
  runs[2].counters["rate"] = 7;
  reporter.ReportRuns(runs);
  EXPECT_EQ(reporter.rows().front().counters, (std::map<std::string, double>{{"rate", 7}}));
}

TEST(Rows, HaveThePartsOfTheirRepetitionsLabels) {
  SilentReporter reporter;
  std::vector<Record> runs = repetitions("sum/native/threads:1", {1, 1, 1});
  runs[0].report_label = "not verified; stopped: by a signal";
  runs[2].report_label = "not verified";
  reporter.ReportRuns(runs);
  EXPECT_EQ(reporter.rows().front().remarks,
            (std::vector<std::string>{"not verified", "stopped: by a signal"}));
}

TEST(Rows, HaveASpeedupAgainstPurePythonOfTheSameWorkload) {
  SilentReporter reporter;
  reporter.ReportRuns(repetitions("other/python/threads:1", {100}));
  reporter.ReportRuns(repetitions("sum/python/threads:1", {7, 8, 9}));
  reporter.ReportRuns(repetitions("sum/native/threads:1", {1, 2, 4}));
  const std::vector<Row> rows = reporter.rows();
  EXPECT_DOUBLE_EQ(rows[1].counters.at("speedup"), 1);
  EXPECT_DOUBLE_EQ(rows[2].counters.at("speedup"), 4);
}

TEST(Rows, HaveNoSpeedupWherePurePythonDidNotRunOrFailed) {
  SilentReporter reporter;
  reporter.ReportRuns({failed("countdown/python/threads:1", "no script")});
  reporter.ReportRuns(repetitions("countdown/native/threads:1", {1, 1, 1}));
  reporter.ReportRuns(repetitions("sum/native/threads:1", {1, 1, 1}));
  const std::vector<Row> rows = reporter.rows();
  EXPECT_FALSE(rows[1].counters.contains("speedup"));
  EXPECT_FALSE(rows[2].counters.contains("speedup"));
}

// Random interleaving may finish them in any order.
TEST(Rows, AreComparedWithRowsThatFinishedLater) {
  SilentReporter reporter;
  reporter.ReportRuns(repetitions("sum/native/threads:1", {2}));
  reporter.ReportRuns(repetitions("sum/python/threads:1", {8}));
  EXPECT_DOUBLE_EQ(reporter.rows().front().counters.at("speedup"), 4);
  EXPECT_DOUBLE_EQ(parsed(reporter, {})["benchmarks"][0]["speedup"], 4);
}

TEST(Rows, OfDifferentAmountsOfWorkAreComparedByTheirRates) {
  std::vector<Experiment> plan = PlannedReporter::planned({"gray/python/threads:1", "gray/native/threads:1"});
  for (Experiment& experiment : plan) experiment.traits.item_unit = "pixels";
  RowReporter reporter(
      plan, [](const Row&, const std::vector<RowReporter::Run>&) {}, [] {});
  const auto doing = [](std::vector<Record> runs, double pixels) {
    for (Record& run : runs) run.counters["pixels"] = pixels;
    return runs;
  };
  reporter.ReportRuns(doing(repetitions("gray/python/threads:1", {8}), 10));
  reporter.ReportRuns(doing(repetitions("gray/native/threads:1", {2, 4}), 1000));
  const nlohmann::json rows = parsed(reporter, {})["benchmarks"];
  EXPECT_DOUBLE_EQ(rows[1]["speedup"], 400);
  EXPECT_DOUBLE_EQ(rows[2]["speedup"], 200);
}

/// With the CPU time an iteration of each repetition, all that the members had where they are several.
std::vector<Record> accounted(std::vector<Record> runs, const std::vector<double>& cpu_ns, bool several) {
  for (std::size_t i = 0; i < runs.size(); ++i) {
    runs[i].counters["account_cpu_ns"] = cpu_ns[i];
    if (several) runs[i].counters["account_cpu"] = 1;
  }
  return runs;
}

TEST(Rows, HaveAnAccountOfEachRepetitionAgainstOneThread) {
  PlannedReporter reporter({"sum/python/threads:1", "sum/python_threads/threads:2"});
  reporter.ReportRuns(accounted(repetitions("sum/python/threads:1", {8, 8}), {100, 100}, false));
  reporter.ReportRuns(accounted(repetitions("sum/python_threads/threads:2", {4, 4}), {200, 80}, true));
  reporter.ReportRuns(aggregates("sum/python_threads/threads:2", 4));
  const nlohmann::json rows = parsed(reporter, {})["benchmarks"];
  EXPECT_FALSE(rows[0].contains("account_useful"));
  EXPECT_DOUBLE_EQ(rows[2]["account_useful"], 0.5);
  EXPECT_DOUBLE_EQ(rows[2]["account_slower"], 0.5);
  EXPECT_DOUBLE_EQ(rows[3]["account_useful"], 1.25);
  EXPECT_DOUBLE_EQ(rows[3]["account_slower"], -0.25);
  EXPECT_DOUBLE_EQ(rows[4]["account_useful"], 0.875) << "mean";
  EXPECT_DOUBLE_EQ(reporter.rows()[1].counters.at("account_slower"), 0.125) << "median";
}

TEST(Rows, SayWhereThereIsNoRowOnOneThreadToCompareWith) {
  PlannedReporter reporter({"sum/python/threads:1", "sum/python_threads/threads:2"});
  reporter.ReportRuns(accounted(repetitions("sum/python_threads/threads:2", {4, 4}), {200, 80}, true));
  EXPECT_EQ(parsed(reporter, {})["benchmarks"][0]["label"],
            "no account (no row on one thread to compare with)");
  EXPECT_EQ(reporter.rows()[0].remarks,
            std::vector<std::string>{"no account (no row on one thread to compare with)"});
  reporter.ReportRuns(accounted(repetitions("sum/python/threads:1", {8, 8}), {100, 100}, false));
  EXPECT_TRUE(reporter.rows()[0].remarks.empty()) << "it finished later";
}

TEST(Rows, ThatFailedCarryTheirMessage) {
  SilentReporter reporter;
  std::vector<Record> runs = repetitions("sum/python/threads:1", {1, 1, 1});
  set_failed(runs[1], "wrong result: 3");
  reporter.ReportRuns(runs);
  ASSERT_EQ(reporter.rows().size(), 1U);
  EXPECT_EQ(reporter.rows().front().reason, "wrong result: 3");
  EXPECT_EQ(reporter.rows().front().outcome, Outcome::failed);
}

TEST(Rows, EndAsTheRunnerNoted) {
  SilentReporter reporter;
  reporter.note(parse_row_id("sum/python/threads:1"), Outcome::not_applicable, "it needs numpy");
  reporter.ReportRuns({failed("sum/python/threads:1", "does not apply: it needs numpy")});
  EXPECT_EQ(reporter.rows().front().outcome, Outcome::not_applicable);
  EXPECT_EQ(reporter.rows().front().reason, "it needs numpy");
  EXPECT_EQ(parsed(reporter, {})["benchmarks"][0]["error_message"], "does not apply: it needs numpy");
}

TEST(Rows, AreHandedOnOnceEachWithTheirRelations) {
  SilentReporter reporter;
  reporter.ReportRuns(repetitions("sum/python/threads:1", {8, 8, 8}));
  reporter.ReportRuns(aggregates("sum/python/threads:1", 8));
  reporter.ReportRuns(repetitions("sum/native/threads:1", {2}));
  ASSERT_EQ(reporter.finished.size(), 2U);
  EXPECT_DOUBLE_EQ(reporter.finished[1].counters.at("speedup"), 4);
}

TEST(Rows, AreWithoutThoseThatAnInterruptionCutOff) {
  SilentReporter reporter;
  reporter.ReportRuns(repetitions("sum/python/threads:1", {1, 1, 1}));
  std::vector<Record> runs = repetitions("sum/native/threads:1", {1, 1, 1});
  set_failed(runs[2], "interrupted");
  reporter.note(parse_row_id("sum/native/threads:1"), Outcome::interrupted, "");
  reporter.ReportRuns(runs);
  reporter.ReportRuns(aggregates("sum/native/threads:1", 1));  // Google Benchmark's, of the other two
  reporter.note(parse_row_id("sum/openmp/threads:1"), Outcome::interrupted, "");
  reporter.ReportRuns({failed("sum/openmp/threads:1", "interrupted")});
  ASSERT_EQ(reporter.rows().size(), 1U);
  EXPECT_EQ(reporter.rows().front().name(), "sum/python/threads:1");
  EXPECT_EQ(parsed(reporter, {})["benchmarks"].size(), 3U);
}

TEST(Rows, AreMadeOfTheMedianWhereOnlyAggregatesAreReported) {
  SilentReporter reporter;
  reporter.ReportRuns(repetitions("sum/python/threads:1", {8}));
  reporter.ReportRuns(aggregates("sum/native/threads:1", 2));
  const Row row = reporter.rows().back();
  EXPECT_EQ(row.times_s, std::vector<double>{2});
  EXPECT_DOUBLE_EQ(row.counters.at("speedup"), 4);
}

TEST(Json, HasTheContextAndEveryRepetitionAndAggregateUnderThePlainName) {
  SilentReporter reporter;
  reporter.ReportRuns(repetitions("sum/python/threads:1", {2, 3, 4}));
  reporter.ReportRuns(aggregates("sum/python/threads:1", 3));
  const nlohmann::json json = parsed(reporter, {{"python_version", "3.13 \"quoted\"\n"}, {"cores", "2"}});
  EXPECT_EQ(json["context"]["python_version"], "3.13 \"quoted\"\n");
  EXPECT_EQ(json["context"]["cores"], "2");
  EXPECT_TRUE(json["context"].contains("num_cpus")) << "Google Benchmark's own";
  ASSERT_EQ(json["benchmarks"].size(), 7U);
  EXPECT_EQ(json["benchmarks"][1]["name"], "sum/python/threads:1");
  EXPECT_EQ(json["benchmarks"][1]["run_type"], "iteration");
  EXPECT_DOUBLE_EQ(json["benchmarks"][1]["real_time"], 3000);
  EXPECT_EQ(json["benchmarks"][1]["time_unit"], "ms");
  EXPECT_EQ(json["benchmarks"][4]["name"], "sum/python/threads:1_median");
}

TEST(Json, HasTheSpeedupOfEachRepetitionAndTheAggregatesOfIt) {
  SilentReporter reporter;
  reporter.ReportRuns(repetitions("sum/python/threads:1", {12}));
  reporter.ReportRuns(repetitions("sum/native/threads:1", {2, 3, 6}));
  reporter.ReportRuns(aggregates("sum/native/threads:1", 3));
  const nlohmann::json rows = parsed(reporter, {})["benchmarks"];
  EXPECT_DOUBLE_EQ(rows[1]["speedup"], 6);
  EXPECT_DOUBLE_EQ(rows[2]["speedup"], 4);
  EXPECT_DOUBLE_EQ(rows[3]["speedup"], 2);
  EXPECT_DOUBLE_EQ(rows[4]["speedup"], 4) << "mean";
  EXPECT_DOUBLE_EQ(rows[5]["speedup"], 4) << "median";
  EXPECT_DOUBLE_EQ(rows[6]["speedup"], 2) << "standard deviation";
  EXPECT_DOUBLE_EQ(rows[7]["speedup"], 0.5) << "coefficient of variation";
}

TEST(Json, HasNoAggregatesOfWhatOneRepetitionHas) {
  SilentReporter reporter;
  std::vector<Record> runs = repetitions("sum/native/threads:1", {1, 1, 1});
  for (Record& run : runs) run.counters["all_have"] = 1;
  runs[1].counters["one_has"] = 1;
  reporter.ReportRuns(runs);
  std::vector<Record> means = aggregates("sum/native/threads:1", 1);
  for (Record& run : means) run.counters = {{"all_have", 1}, {"one_has", 1}};
  reporter.ReportRuns(means);
  const nlohmann::json rows = parsed(reporter, {})["benchmarks"];
  EXPECT_TRUE(rows[1].contains("one_has"));
  for (std::size_t i = 3; i < rows.size(); ++i) {
    EXPECT_TRUE(rows[i].contains("all_have")) << i;
    EXPECT_FALSE(rows[i].contains("one_has")) << i;
  }
}

TEST(Json, CanBeReadWhereOnlyAggregatesAreReported) {
  SilentReporter reporter;
  reporter.ReportRuns(repetitions("sum/python/threads:1", {8}));
  reporter.ReportRuns(aggregates("sum/native/threads:1", 2));
  const nlohmann::json rows = parsed(reporter, {})["benchmarks"];
  EXPECT_DOUBLE_EQ(rows[2]["speedup"], 4) << "median";
  EXPECT_FALSE(rows[3].contains("speedup")) << "one median has no standard deviation";
}

TEST(Json, LeavesOutACounterThatIsNoNumber) {
  SilentReporter reporter;
  std::vector<Record> runs = aggregates("sum/python/threads:1", 1);
  runs[3].counters["gil_switches"] = std::nan("");  // Google Benchmark 1.7.1's variation of zeros
  runs[3].counters["rate"] = 0.5;
  reporter.ReportRuns(runs);
  const nlohmann::json row = parsed(reporter, {})["benchmarks"][3];
  EXPECT_FALSE(row.contains("gil_switches"));
  EXPECT_EQ(row["rate"], 0.5);
}

TEST(Json, HasTheMessageOfAFailedRow) {
  SilentReporter reporter;
  reporter.ReportRuns({failed("sum/python/threads:1", "ValueError: \"no\"")});
  const nlohmann::json row = parsed(reporter, {})["benchmarks"][0];
  EXPECT_EQ(row["error_occurred"], true);
  EXPECT_EQ(row["error_message"], "ValueError: \"no\"");
}

TEST(Json, IsValidWithoutAnyRow) {
  PlannedReporter reporter({});
  EXPECT_EQ(parsed(reporter, {})["benchmarks"].size(), 0U);
}

}  // namespace
}  // namespace harness
