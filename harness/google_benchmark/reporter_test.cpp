// harness/google_benchmark/reporter_test.cpp: a speedup against a row that did not run, a failed row without
// its reason, an interrupted one that passes for finished.
#include "harness/google_benchmark/reporter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/google_benchmark/compat.h"

namespace harness {
namespace {

using Record = benchmark::BenchmarkReporter::Run;

/// As Google Benchmark 1.8.0 and later, or those before it, mark a failed run.
template <typename AnyRecord>
void set_error(AnyRecord& run, const std::string& message) {
  if constexpr (requires { run.error_occurred; }) {
    run.error_occurred = true;
    run.error_message = message;
  } else {
    run.skipped = static_cast<decltype(run.skipped)>(2);  // benchmark::internal::SkippedWithError
    run.skip_message = message;
  }
}

/// A record as Google Benchmark makes it: of one repetition of `iterations` iterations.
Record repetition(const std::string& name, double seconds, std::int64_t index = 0,
                  std::int64_t repetitions = 1) {
  Record run;
  run.run_name.function_name = name;
  run.run_name.time_type = "process_time/manual_time";
  run.run_name.repetitions = "repeats:" + std::to_string(repetitions);
  run.family_index = 0;
  run.per_family_instance_index = 0;
  run.iterations = 10;
  run.repetition_index = index;
  run.repetitions = repetitions;
  run.time_unit = benchmark::kMillisecond;
  run.real_accumulated_time = seconds * 10;
  run.cpu_accumulated_time = seconds * 10;
  return run;
}

Record failed(const std::string& name, const std::string& message) {
  Record run = repetition(name, 0);
  set_error(run, message);
  return run;
}

Record aggregate(const std::string& name, const std::string& kind, double seconds) {
  Record run = repetition(name, seconds, Record::no_repetition_index, 3);
  run.run_type = Record::RT_Aggregate;
  run.aggregate_name = kind;
  return run;
}

/// The second call that Google Benchmark makes of three repetitions.
std::vector<Record> aggregates(const std::string& name, double median_s) {
  return {aggregate(name, "mean", 5), aggregate(name, "median", median_s), aggregate(name, "stddev", 7),
          aggregate(name, "cv", 9)};
}

std::vector<Record> repetitions(const std::string& name, const std::vector<double>& seconds) {
  std::vector<Record> runs;
  for (const double time : seconds) {
    runs.push_back(repetition(name, time, static_cast<std::int64_t>(runs.size()),
                              static_cast<std::int64_t>(seconds.size())));
  }
  return runs;
}

/// A reporter without a console.
struct SilentReporter : RowReporter {
  SilentReporter() : RowReporter(std::nullopt, [] {}) { ReportContext(Context()); }
};

/// What json() gives, as a reader takes it. Google Benchmark keeps custom context for the whole process, so
/// each test has keys of its own.
nlohmann::json parsed(RowReporter& reporter, const ContextEntries& context) {
  return nlohmann::json::parse(reporter.json(context));
}

TEST(Rows, AreMadeOfTheRepetitionsOfOneName) {
  SilentReporter reporter;
  reporter.ReportRuns(repetitions("grayscale/openmp/threads:2", {0.004, 0.001, 0.002}));
  reporter.ReportRuns(aggregates("grayscale/openmp/threads:2", 0.002));
  ASSERT_EQ(reporter.rows().size(), 1U);
  const Row row = reporter.rows().front();
  EXPECT_EQ(row.name, "grayscale/openmp/threads:2");
  EXPECT_EQ(row.workload, "grayscale");
  EXPECT_EQ(row.strategy, "openmp");
  EXPECT_EQ(row.threads, 2);
  ASSERT_EQ(row.times_s.size(), 3U);
  EXPECT_DOUBLE_EQ(row.times_s[0], 0.004);
  EXPECT_DOUBLE_EQ(row.median_s(), 0.002);
  EXPECT_FALSE(row.failed());
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
  SilentReporter reporter;
  const auto doing = [](std::vector<Record> runs, double pixels, double seconds) {
    for (Record& run : runs) {
      run.counters["pixels"] = pixels;
      run.counters["pixels_per_second"] = pixels / seconds;
    }
    return runs;
  };
  reporter.ReportRuns(doing(repetitions("gray/python/threads:1", {8}), 10, 8));
  reporter.ReportRuns(doing(repetitions("gray/native/threads:1", {2, 4}), 1000, 3));
  const nlohmann::json rows = parsed(reporter, {})["benchmarks"];
  EXPECT_DOUBLE_EQ(rows[1]["speedup"], 400);
  EXPECT_DOUBLE_EQ(rows[2]["speedup"], 200);
}

TEST(Rows, ThatFailedCarryTheirMessage) {
  SilentReporter reporter;
  std::vector<Record> runs = repetitions("sum/python/threads:1", {1, 1, 1});
  set_error(runs[1], "wrong result: 3");
  reporter.ReportRuns(runs);
  ASSERT_EQ(reporter.rows().size(), 1U);
  EXPECT_EQ(reporter.rows().front().error, "wrong result: 3");
  EXPECT_TRUE(reporter.rows().front().failed());
}

TEST(Rows, AreWithoutThoseThatAnInterruptionCutOff) {
  SilentReporter reporter;
  reporter.ReportRuns(repetitions("sum/python/threads:1", {1, 1, 1}));
  std::vector<Record> runs = repetitions("sum/native/threads:1", {1, 1, 1});
  set_error(runs[2], kInterrupted);
  reporter.ReportRuns(runs);
  reporter.ReportRuns(aggregates("sum/native/threads:1", 1));  // Google Benchmark's, of the other two
  reporter.ReportRuns({failed("sum/openmp/threads:1", kInterrupted)});
  ASSERT_EQ(reporter.rows().size(), 1U);
  EXPECT_EQ(reporter.rows().front().name, "sum/python/threads:1");
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
  RowReporter reporter(std::nullopt, [] {});
  EXPECT_EQ(parsed(reporter, {})["benchmarks"].size(), 0U);
}

class ConsoleTest : public testing::Test {
 protected:
  std::string shown(const std::vector<std::vector<Record>>& reports, bool color = false) {
    std::ostringstream out;
    RowReporter reporter(RowReporter::Console{.out = &out, .color = color, .name_width = 24},
                         [this] { ++cleared_; });
    reporter.ReportContext(benchmark::BenchmarkReporter::Context());
    for (const std::vector<Record>& runs : reports) reporter.ReportRuns(runs);
    return out.str();
  }

  /// The line of `text` that begins with `name`.
  static std::string line(const std::string& text, const std::string& name) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(name)) return line;
    }
    return "";
  }

  int cleared_ = 0;
};

TEST_F(ConsoleTest, HasOneLineARowWithTheMedianOfItsRepetitions) {
  const std::string name = "sum/python/threads:1";
  const std::string text = shown({repetitions(name, {0.004, 0.001, 0.002}), aggregates(name, 0.002)});
  EXPECT_TRUE(line(text, name).starts_with(name + "           2.00 ms         2.00 ms")) << text;
  EXPECT_EQ(text.find(name), text.rfind(name)) << text;
  EXPECT_EQ(text.find("manual_time"), std::string::npos) << text;
  EXPECT_EQ(cleared_, 1);
}

TEST_F(ConsoleTest, HasTheSpeedupAndTheVariationInColumns) {
  const std::string text = shown({repetitions("sum/python/threads:1", {0.008, 0.008}),
                                  repetitions("sum/native/threads:1", {0.001, 0.003})});
  EXPECT_NE(text.find(" cv_%"), std::string::npos) << text;
  EXPECT_NE(text.find(" speedup"), std::string::npos) << text;
  EXPECT_TRUE(line(text, "sum/native/threads:1").ends_with(" 70.71          4")) << text;
}

TEST_F(ConsoleTest, HasTheMedianWhereOnlyAggregatesAreReported) {
  const std::string name = "sum/python/threads:1";
  EXPECT_TRUE(
      line(shown({aggregates(name, 0.002)}), name).starts_with(name + "           2.00 ms         2.00 ms"));
}

TEST_F(ConsoleTest, SaysWhyARowFailed) {
  const std::string text = shown({{failed("sum/python/threads:1", "wrong result: 3")}});
  EXPECT_NE(line(text, "sum/python/threads:1").find("ERROR OCCURRED: 'wrong result: 3'"), std::string::npos)
      << text;
}

TEST_F(ConsoleTest, HasEscapesOnlyWithColour) {
  const std::vector<std::vector<Record>> reports{repetitions("sum/python/threads:1", {1})};
  EXPECT_EQ(shown(reports, false).find('\033'), std::string::npos);
  EXPECT_NE(shown(reports, true).find('\033'), std::string::npos);
}

}  // namespace
}  // namespace harness
