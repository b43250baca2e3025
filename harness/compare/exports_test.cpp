// harness/compare/exports_test.cpp: a file that another tool refuses, or that says something else than the
// rounds.
#include "harness/compare/exports.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/compare/stored_run.h"
#include "harness/system/test_folder.h"
#include "harness/system/text.h"
#include "harness/testing/assertions.h"

namespace harness::exports_test {
namespace {

using nlohmann::json;

class ExportsTest : public testing::Test {
 protected:
  ExportsTest() {
    for (const int round : {1, 2}) {
      std::string text = R"({"context": {"python_version": "3.13.0", "cpu_model": "X"}, "benchmarks": [)";
      for (const int time_ms : {round, round + 2}) {
        text += R"({"name": "a/b/threads:1", "run_name": "a/b/threads:1", "run_type": "iteration", )";
        text += R"("cpu_time": 1, "time_unit": "ms", "repetitions": 2, "real_time": )" +
                std::to_string(time_ms) + "},";
      }
      text += R"({"name": "a/b/threads:1_mean", "run_name": "a/b/threads:1", "run_type": "aggregate"},)";
      text += R"({"name": "f", "run_name": "f", "run_type": "iteration", )";
      text += R"("error_occurred": true, "error_message": "no", )";
      text += R"("real_time": 0.0, "cpu_time": 0.0, "time_unit": "ms"}]})";
      files_.push_back({round, folder_.write(std::to_string(round) + ".json", text)});
    }
  }

  TestFolder folder_;
  std::vector<ProcessFile> files_;
};

TEST_F(ExportsTest, GoogleBenchmarksJsonHoldsEveryRepetitionOfEveryProcess) {
  const auto file = folder_.write("merged.json", benchmark_json_of(files_));
  const StoredRun run = read_stored_run(file);
  ASSERT_EQ(run.processes.size(), 2U);
  EXPECT_EQ(run.processes[0].at(0).times_s, (std::vector<double>{0.001, 0.003}));
  EXPECT_EQ(run.processes[1].at(0).times_s, (std::vector<double>{0.002, 0.004}));
  EXPECT_EQ(run.processes[1].at(1).reason, "no");
  EXPECT_EQ(run.context.at("processes"), "2");
  const json merged = json::parse(benchmark_json_of(files_));
  for (const json& entry : merged["benchmarks"]) {
    if (entry["run_name"] == "f") {
      EXPECT_EQ(entry["run_type"], "iteration") << "what has failed has no mean";
      continue;
    }
    EXPECT_EQ(entry["repetitions"], 4);
    const std::string aggregate = entry.value("aggregate_name", "");
    if (aggregate == "mean" || aggregate == "median") {
      EXPECT_EQ(entry["real_time"], 2.5) << aggregate;
    }
  }
}

TEST_F(ExportsTest, PyperfsJsonHasARunAProcess) {
  const json pyperf = json::parse(pyperf_json_of(files_));
  EXPECT_EQ(pyperf["version"], "1.0");  // a string: pyperf refuses the number
  EXPECT_EQ(pyperf["metadata"]["unit"], "second");
  EXPECT_EQ(pyperf["metadata"]["python_version"], "3.13.0");
  ASSERT_EQ(pyperf["benchmarks"].size(), 1U);  // a row without a time is not in it
  const json& benchmark = pyperf["benchmarks"][0];
  EXPECT_EQ(benchmark["metadata"]["name"], "a/b/threads:1");
  ASSERT_EQ(benchmark["runs"].size(), 2U);
  EXPECT_EQ(benchmark["runs"][0]["values"], (json{0.001, 0.003}));
  EXPECT_EQ(benchmark["runs"][1]["values"], (json{0.002, 0.004}));
}

TEST_F(ExportsTest, PyperfHasWhatARowIsComparedByWhereThatIsATime) {
  const auto file = folder_.write("gil.json", R"({"benchmarks": [
    {"run_name": "gil/pairs", "real_time": 1, "time_unit": "s", "pair_ns": 30},
    {"run_name": "gil/pairs", "real_time": 1, "time_unit": "s", "pair_ns": 50},
    {"run_name": "gil/overlap", "real_time": 1, "time_unit": "s", "python_share_of_alone": 0.5}]})");
  const json pyperf = json::parse(pyperf_json_of({{1, file}}));
  ASSERT_EQ(pyperf["benchmarks"].size(), 1U);
  EXPECT_EQ(pyperf["benchmarks"][0]["metadata"]["name"], "gil/pairs");
  EXPECT_EQ(pyperf["benchmarks"][0]["runs"][0]["values"], (json{30e-9, 50e-9}));
}

TEST_F(ExportsTest, PyperfHasNoValueOfASearchThatFoundNoBreakEven) {
  const auto file =
      folder_.write("search.json", R"({"context": {}, "benchmarks": [)"
                                   R"({"run_name": "start/break_even/thread_pool", "run_type": "iteration", )"
                                   R"("time_unit": "s", "real_time": 3, "no_break_even_ns": 2e7},)"
                                   R"({"run_name": "start/break_even/processes", "run_type": "iteration", )"
                                   R"("time_unit": "s", "real_time": 3, "no_break_even_ns": 2e7},)"
                                   R"({"run_name": "start/break_even/processes", "run_type": "iteration", )"
                                   R"("time_unit": "s", "real_time": 3, "break_even_ns": 1000}]})");
  const json pyperf = json::parse(pyperf_json_of({{1, file}}));
  ASSERT_EQ(pyperf["benchmarks"].size(), 1U) << pyperf;
  EXPECT_EQ(pyperf["benchmarks"][0]["runs"][0]["values"], json({1e-6}));
}

// A folder to go on in may have been written to.
TEST_F(ExportsTest, RefuseAFileThatNoProcessHasWritten) {
  const std::string levels(kMostJsonLevels, '[');
  const std::string row = R"({"benchmarks": [{"run_name": "x", "real_time": 1, "time_unit": "s")";
  for (const std::string& text : {"{\"benchmarks\": " + levels + std::string(levels.size(), ']') + "}",
                                  std::string("{\"benchmarks\": [5]}"), std::string("[]"), std::string("{"),
                                  row + R"(, "round": 1e300}]})"}) {
    const std::vector<ProcessFile> files{{1, folder_.write("edited.json", text)}};
    EXPECT_NE(error_of([&] { benchmark_json_of(files); }), "") << text;
    EXPECT_NE(error_of([&] { pyperf_json_of(files); }), "") << text;
  }
}

TEST_F(ExportsTest, CopyNumbersOfGoogleBenchmarksAsTheyAre) {
  const std::string row =
      R"({"run_name": "x", "real_time": 1, "cpu_time": 1, "time_unit": "s", "family_index": 1e300})";
  const std::filesystem::path file =
      folder_.write("odd.json", R"({"context": 5, "benchmarks": [)" + row + "," + row + "]}");
  const json exported = json::parse(benchmark_json_of({{1, file}}));
  EXPECT_EQ(exported["benchmarks"].back()["family_index"], 1e300);
  EXPECT_EQ(exported["context"]["processes"], "1");
}

}  // namespace
}  // namespace harness::exports_test
