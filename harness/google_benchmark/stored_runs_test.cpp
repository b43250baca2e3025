// harness/google_benchmark/stored_runs_test.cpp: a value that is lost or scaled on its way from another
// process.
#include "harness/google_benchmark/stored_runs.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/google_benchmark/reporter.h"
#include "harness/google_benchmark/test_records.h"
#include "harness/row/contention_json.h"

namespace harness::stored_runs_test {
namespace {

constexpr const char* kName = "gil/x/threads:1";

/// A reporter of that row, and of another.
RowReporter reporter() {
  std::vector<Experiment> plan;
  for (const std::string name : {"gil/y/threads:1", kName})
    plan.push_back({.id = parse_row_id(name), .prepare = {}});
  return RowReporter(
      plan, [](const Row&, const std::vector<Record>&) {}, [] {});
}

nlohmann::json benchmarks_of(RowReporter& rows) {
  return nlohmann::json::parse(rows.json({}, true)).at("benchmarks");
}

std::vector<Record> measured() {
  std::vector<Record> runs = repetitions(kName, {0.004, 0.001, 0.03125});
  for (Record& run : runs) {
    run.cpu_accumulated_time = 0.7 * run.real_accumulated_time;
    run.counters["pair_ns"] = 1e9 / 7;
    run.counters["items_per_second"] = 12;
    run.report_label = "no GIL; \"quoted\"";
  }
  return runs;
}

TEST(StoredRuns, AreWrittenAgainAsTheyWere) {
  std::vector<Record> summary = aggregates(kName, 0.004);
  summary.back().aggregate_unit = benchmark::StatisticUnit::kPercentage;  // as Google Benchmark's cv
  RowReporter first = reporter();
  first.ReportRuns(measured());
  first.ReportRuns(summary);
  RowReporter second = reporter();
  second.replace(parse_row_id(kName), stored_runs(first.json({}, true), kName));
  second.ReportRuns(repetitions(kName, {7, 8, 9}));
  second.ReportRuns(aggregates(kName, 8));
  EXPECT_EQ(benchmarks_of(second), benchmarks_of(first));
  ASSERT_EQ(second.rows().size(), 1U);
  EXPECT_EQ(second.rows()[0].times_s, first.rows()[0].times_s);
  EXPECT_EQ(second.rows()[0].remarks, first.rows()[0].remarks);
}

TEST(StoredRuns, BringWhereTheirThreadsWaitedForEachOther) {
  const Contention contention{.sites = {{.what = "a dict's lock",
                                         .stack = {"lock", "set \"item\""},
                                         .parks = 3,
                                         .spins = 40.5,
                                         .park_ns = 1e6,
                                         .spin_ns = 7}},
                              .stops = {{.why = "garbage collection",
                                         .requester = "team 0",
                                         .last = "",
                                         .stops = 2,
                                         .stopping_ns = 5,
                                         .stopped_ns = 6,
                                         .longest_ns = 12}},
                              .lost_ns = 2e6};
  RowReporter first = reporter();
  for (int i = 0; i < 3; ++i) first.note(parse_row_id(kName), contention);
  first.ReportRuns(measured());
  const std::string json = first.json({}, true);
  RowReporter second = reporter();
  second.replace(parse_row_id(kName), stored_runs(json, kName), contention_in(json, kName));
  second.ReportRuns(repetitions(kName, {7, 8, 9}));
  const auto of = [](RowReporter& rows) {
    return nlohmann::json::parse(rows.json({}, true)).at("contention");
  };
  EXPECT_EQ(of(second), of(first));
  EXPECT_EQ(contention_in(json, "gil/y/threads:1").sites.size(), 0U);
  EXPECT_EQ(contention_in("{", kName).sites.size(), 0U);
}

TEST(StoredRuns, HaveTheErrorsOfRepetitionsThatFailed) {
  std::vector<Record> runs = measured();
  set_failed(runs[1], "no memory");
  RowReporter first = reporter();
  first.ReportRuns(runs);
  const std::vector<Record> read = stored_runs(first.json({}, true), kName);
  ASSERT_EQ(read.size(), 3U);
  EXPECT_FALSE(has_failed(read[0]));
  ASSERT_TRUE(has_failed(read[1]));
  EXPECT_EQ(error_of(read[1]), "no memory");
}

TEST(StoredRuns, AreOfTheirRowOnly) {
  RowReporter first = reporter();
  first.ReportRuns(repetitions("gil/y/threads:1", {1}));
  EXPECT_EQ(stored_runs(first.json({}, true), kName).size(), 0U);
  EXPECT_EQ(stored_runs(first.json({}, true), "gil/y/threads:1").size(), 1U);
}

TEST(StoredRuns, AreNoneWhereTheTextIsNoResult) {
  for (const char* const text :
       {"", "{", "[]", R"({"benchmarks": 1})", R"({"benchmarks": [{"run_name": "gil/x/threads:1"}]})"}) {
    EXPECT_EQ(stored_runs(text, kName).size(), 0U) << text;
  }
}

}  // namespace
}  // namespace harness::stored_runs_test
