// harness/compare/stored_run_test.cpp: a time in the wrong unit, a foreign file that is taken for a run.
#include "harness/compare/stored_run.h"

#include <gtest/gtest.h>

#include "harness/error.h"
#include "harness/system/test_folder.h"
#include "harness/system/text.h"
#include "harness/testing/assertions.h"

namespace harness {
namespace {

class StoredRunTest : public testing::Test {
 protected:
  StoredRun read(const std::string& text) const {
    return read_stored_run(folder_.write("result.json", text));
  }
  std::string refusal_of(const std::string& text) const {
    return error_of([&] { read(text); });
  }

  TestFolder folder_;
};

TEST_F(StoredRunTest, HoldsRepetitionsInSecondsAndTheMedianOfCounters) {
  const StoredRun run = read(R"({"context": {"python_version": "3.13", "num_cpus": 2}, "benchmarks": [
    {"run_name": "countdown/python/threads:1", "run_type": "iteration", "real_time": 2.5, "time_unit": "ms",
     "cpu_time": 2, "gil_switches": 3, "label": "x"},
    {"run_name": "countdown/python/threads:1", "run_type": "iteration", "real_time": 1500, "time_unit": "us",
     "cpu_time": 2, "gil_switches": 5},
    {"run_name": "countdown/python/threads:1", "run_type": "aggregate", "real_time": 9, "time_unit": "ms"},
    {"run_name": "x", "run_type": "iteration", "real_time": 7, "time_unit": "ns"}]})");
  ASSERT_EQ(run.processes.size(), 1U);
  const std::vector<Row>& rows = run.processes[0];
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].id.workload, "countdown");
  EXPECT_EQ(rows[0].times_s, (std::vector<double>{0.0025, 0.0015}));
  EXPECT_EQ(rows[0].counters, (std::map<std::string, double>{{"gil_switches", 4}}));
  EXPECT_DOUBLE_EQ(rows[1].times_s.at(0), 7e-9);
  EXPECT_EQ(run.context.at("python_version"), "3.13");
  EXPECT_EQ(run.context.at("num_cpus"), "2");
}

TEST_F(StoredRunTest, HasEachRepetitionOfItsOnlyProcessWithItsOwnCounters) {
  const StoredRun run = read(R"({"benchmarks": [
    {"run_name": "gil/x", "real_time": 1, "time_unit": "s", "pair_ns": 3},
    {"run_name": "gil/x", "real_time": 2, "time_unit": "s", "pair_ns": 9},
    {"run_name": "y", "error_occurred": true, "error_message": "no"}]})");
  ASSERT_EQ(run.repetitions.size(), 2U);
  EXPECT_EQ(run.repetitions[0].at(0).counters.at("pair_ns"), 3);
  EXPECT_EQ(run.repetitions[0].at(1).reason, "no");
  EXPECT_EQ(run.repetitions[1].at(0).counters.at("pair_ns"), 9);
  EXPECT_EQ(run.repetitions[1].at(0).times_s, (std::vector<double>{2}));
  EXPECT_EQ(run.repetitions[1].size(), 1U);
}

TEST_F(StoredRunTest, FindsTheRowThatAnOldOneIsToday) {
  const StoredRun run = read(R"({"benchmarks": [
    {"run_name": "gil/ensure_release/spinners:0", "real_time": 1, "time_unit": "s", "label": "no GIL"}]})");
  EXPECT_EQ(run.processes[0].at(0).name(), "gil/ensure_release/spinners:0/state:fresh");
  const StoredRun after = read(R"({"benchmarks": [
    {"run_name": "gil/ensure_release/spinners:0", "real_time": 1, "time_unit": "s",
     "label": "no GIL; depends on what ran before: threads that ran Python code have ended in this process"},
    {"run_name": "gil/ensure_release/spinners:1", "real_time": 1, "time_unit": "s"}]})");
  EXPECT_EQ(after.processes[0].at(0).name(), "gil/ensure_release/spinners:0/state:after_a_thread_ended");
  EXPECT_EQ(after.processes[0].at(1).name(), "gil/ensure_release/spinners:1");
}

TEST_F(StoredRunTest, KeepsProcessesApartByTheirRound) {
  const StoredRun run = read(R"({"benchmarks": [
    {"run_name": "x", "real_time": 1, "time_unit": "s", "round": 2},
    {"run_name": "x", "real_time": 3, "time_unit": "s", "round": 1},
    {"run_name": "x", "real_time": 2, "time_unit": "s", "round": 2}]})");
  EXPECT_EQ(run.rounds, (std::vector<int>{1, 2}));
  EXPECT_EQ(run.processes.at(0).at(0).times_s, (std::vector<double>{3}));
  EXPECT_EQ(run.processes.at(1).at(0).times_s, (std::vector<double>{1, 2}));
}

// error_occurred is Google Benchmark's before 1.8, skipped is later.
TEST_F(StoredRunTest, KnowsRowsWithoutATimeOfEveryVersion) {
  const StoredRun run = read(R"({"benchmarks": [
    {"run_name": "a", "error_occurred": true, "error_message": "wrong result"},
    {"run_name": "b", "skipped": true, "skip_message": "does not apply: no GIL"}]})");
  const std::vector<Row>& rows = run.processes.at(0);
  EXPECT_EQ(rows.at(0).reason, "wrong result");
  EXPECT_EQ(rows[0].outcome, Outcome::failed);
  EXPECT_EQ(rows.at(1).reason, "no GIL");
  EXPECT_EQ(rows[1].outcome, Outcome::not_applicable);
}

TEST_F(StoredRunTest, RefusesWhatIsNoGoogleBenchmarkJson) {
  EXPECT_TRUE(contains(refusal_of(""), "no JSON"));
  EXPECT_TRUE(contains(refusal_of("{\"benchmarks\": ["), "no JSON"));
  EXPECT_TRUE(contains(refusal_of("[]"), "benchmarks"));
  const std::string levels(kMostJsonLevels, '[');
  EXPECT_TRUE(
      contains(refusal_of("{\"benchmarks\": " + levels + std::string(levels.size(), ']') + "}"), "levels"));
  EXPECT_TRUE(contains(refusal_of("{\"benchmarks\": {}}"), "benchmarks"));
  EXPECT_TRUE(contains(refusal_of("{\"benchmarks\": [1]}"), "run_name"));
  for (const char* time : {"0", "-1", "\"x\"", "null"}) {
    EXPECT_NE(refusal_of("{\"benchmarks\": [{\"run_name\": \"x\", \"time_unit\": \"ms\", \"real_time\": " +
                         std::string(time) + "}]}"),
              "")
        << time;
  }
  EXPECT_NE(refusal_of(R"({"benchmarks": [{"run_name": "x", "time_unit": "h", "real_time": 1}]})"), "");
  EXPECT_NE(refusal_of(R"({"benchmarks": [{"run_name": 5, "time_unit": "s", "real_time": 1}]})"), "");
}

TEST_F(StoredRunTest, RefusesNumbersOutOfRange) {
  const auto row = [](const std::string& fields) {
    return R"({"benchmarks": [{"run_name": "x", )" + fields + "}]}";
  };
  for (const char* const time : {"9e-10", "1.1e17", "1e300", "5e-324"}) {
    EXPECT_TRUE(contains(refusal_of(row(R"("time_unit": "ns", "real_time": )" + std::string(time))),
                         "no time from 1e-9 ns to 1e17 ns"))
        << time;
  }
  EXPECT_EQ(refusal_of(row(R"("time_unit": "ns", "real_time": 1e-9)")), "");
  EXPECT_EQ(refusal_of(row(R"("time_unit": "s", "real_time": 1e8)")), "");
  for (const char* const round : {"-1", "1.5", "1e300", "1000000001", "\"1\"", "null"}) {
    EXPECT_TRUE(contains(
        refusal_of(row(R"("time_unit": "s", "real_time": 1, "round": )" + std::string(round))), "round"))
        << round;
  }
}

TEST_F(StoredRunTest, RefusesMoreThanItCompares) {
  const auto many = [](std::size_t count, const std::string& begin, const std::string& end) {
    std::string text = "{\"benchmarks\": [";
    for (std::size_t i = 0; i < count; ++i) text += (i > 0 ? "," : "") + begin + std::to_string(i) + end;
    return text + "]}";
  };
  const std::string failed = "\", \"skipped\": true}";
  EXPECT_EQ(refusal_of(many(kMostRows, "{\"run_name\": \"x", failed)), "");
  EXPECT_TRUE(contains(refusal_of(many(kMostRows + 1, "{\"run_name\": \"x", failed)), "10000 rows"));
  const std::string timed = R"({"run_name": "x", "time_unit": "s", "real_time": 1, "counter)";
  EXPECT_EQ(refusal_of(many(kMostCounters, timed, "\": 1}")), "");
  EXPECT_TRUE(contains(refusal_of(many(kMostCounters + 1, timed, "\": 1}")), "250 counters"));
  const std::filesystem::path large = folder_.write("large.json", "");
  std::filesystem::resize_file(large, kMostFileBytes + 1);
  EXPECT_EQ(error_of([&] { read_stored_run(large); }), large.string() + ": it is larger than 128 MiB");
}

// Google Benchmark writes the message that it was given, and a time of 0.
TEST_F(StoredRunTest, HasNoTimeOfARowThatFailedWithoutAMessage) {
  const StoredRun run = read(R"({"benchmarks": [
    {"run_name": "a", "error_occurred": true, "error_message": "", "real_time": 0, "time_unit": "ns"},
    {"run_name": "b", "skipped": true, "skip_message": ""}]})");
  for (const Row& row : run.processes.at(0)) {
    EXPECT_EQ(row.outcome, Outcome::failed);
    EXPECT_NE(row.reason, "");
    EXPECT_TRUE(row.times_s.empty());
  }
}

TEST_F(StoredRunTest, OfOneProcessIsComparedByItsRepetitions) {
  const std::vector<Process> processes = processes_of(read(R"({"benchmarks": [
    {"run_name": "a", "real_time": 1, "time_unit": "s", "steps": 5, "steps_per_second": 9},
    {"run_name": "a", "real_time": 2, "time_unit": "s", "steps": 5, "steps_per_second": 9},
    {"run_name": "b", "real_time": 3, "time_unit": "s"},
    {"run_name": "c", "skipped": true}]})"));
  ASSERT_EQ(processes.size(), 2U);
  ASSERT_EQ(processes[0].rows.size(), 3U);
  ASSERT_EQ(processes[1].rows.size(), 1U);
  EXPECT_EQ(processes[0].rows[0].times_s, std::vector<double>{1});
  EXPECT_EQ(processes[1].rows[0].times_s, std::vector<double>{2});
  EXPECT_EQ(processes[0].rows[0].counter("steps_per_second"), 9);
  EXPECT_EQ(processes[1].rows[0].items(), 5);  // what it did is compared in every process
  EXPECT_FALSE(processes[0].rows[2].ok());
}

TEST_F(StoredRunTest, OfSeveralProcessesIsComparedByThem) {
  const std::vector<Process> processes = processes_of(read(R"({"benchmarks": [
    {"run_name": "a", "real_time": 1, "time_unit": "s", "round": 1},
    {"run_name": "a", "real_time": 2, "time_unit": "s", "round": 1},
    {"run_name": "a", "real_time": 3, "time_unit": "s", "round": 2}]})"));
  ASSERT_EQ(processes.size(), 2U);
  EXPECT_EQ(processes[1].round, 2);
  EXPECT_EQ(processes[0].rows[0].times_s, (std::vector<double>{1, 2}));
}

TEST_F(StoredRunTest, NamesAFileThatIsMissing) {
  EXPECT_TRUE(contains(error_of([&] { read_stored_run(folder_.path() / "none.json"); }), "none.json"));
}

}  // namespace
}  // namespace harness
