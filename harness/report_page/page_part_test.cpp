// harness/report_page/page_part_test.cpp: a stored run whose page says something else than the run did.
#include "harness/report_page/page_part.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/compare/comparison_json.h"
#include "harness/report_page/page_json.h"
#include "harness/row/test_rows.h"
#include "harness/system/test_folder.h"
#include "harness/testing/assertions.h"
#include "harness/tracer/summary_document.h"

namespace harness {
namespace {

const std::string kRun = R"json({
  "context": {"python_version": "3.14.7 (main)", "python_free_threaded_build": "true", "gil_enabled": "false",
              "command_line": "harness --threads=2", "warning_1": "the machine was busy"},
  "benchmarks": [
    {"run_name": "mine.it/python/threads:1", "run_type": "iteration", "real_time": 12, "time_unit": "ms",
     "calls": 1, "calls_per_second": 100, "label": "not verified", "account_useful": 0.5, "account_idle": 0.5},
    {"run_name": "mine.it/python/threads:1", "run_type": "iteration", "real_time": 10, "time_unit": "ms",
     "calls": 1, "calls_per_second": 100, "label": "not verified; CPU 0", "account_useful": 0.7,
     "account_idle": 0.3},
    {"run_name": "mine.it/python_threads/threads:2", "run_type": "iteration", "real_time": 12.5,
     "time_unit": "ms", "calls": 2, "calls_per_second": 160},
    {"run_name": "mine.it/thread_pool/threads:2", "error_occurred": true, "error_message": "it broke"}],
  "contention": {"mine.it/python_threads/threads:2": {
    "lost_ns": 5000000, "world_stops": [],
    "sites": [{"what": "a dict's lock", "parks": 3, "park_ns": 5000000, "spins": 0, "spin_ns": 0,
               "stack": ["dict_lookup"]}]}}})json";

class PartTest : public testing::Test {
 protected:
  PagePart read(const std::string& name, const std::string& text,
                const FindTraits& find_traits = knows_none) const {
    return read_part(folder_.write(name, text), find_traits);
  }
  std::string refusal_of(const std::string& name) const {
    return error_of([&] { read_part(folder_.path() / name, knows_none); });
  }

  TestFolder folder_;
};

TEST_F(PartTest, OfARunSaysWhatTheRunSaid) {
  const PagePart part = read("result.json", kRun);
  EXPECT_EQ(part.kind, "run");
  EXPECT_EQ(part.title, "CPython 3.14.7t");
  EXPECT_EQ(part.question, "How fast is mine.it on CPython 3.14.7t, on 1 and 2 threads?");
  EXPECT_EQ(part.command, "harness --threads=2");
  EXPECT_EQ(
      part.document.warnings,
      (std::vector<std::string>{"the machine was busy", "failed: mine.it/thread_pool/threads:2: it broke"}));
  ASSERT_EQ(part.answers.size(), 1U);
  // Each did the whole job: twice the calls.
  EXPECT_EQ(part.answers[0].second, "2 threads did 1.76 × the work a second of one. No account says why.");
  EXPECT_EQ(part.rows[0].remarks, (std::vector<std::string>{"not verified", "CPU 0"}));
  EXPECT_EQ(part.rows[2].reason, "it broke");
}

TEST_F(PartTest, HasAccountsThatAddUpAndWhereThreadsWaited) {
  const PagePart part = read("result.json", kRun);
  ASSERT_TRUE(part.accounts.contains("mine.it/python/threads:1"));
  const auto& account = part.accounts.at("mine.it/python/threads:1");
  EXPECT_DOUBLE_EQ(account.at("account_useful"), 0.7) << "of the repetition of median time";
  EXPECT_DOUBLE_EQ(account.at("account_useful") + account.at("account_idle"), 1);
  std::string tables;
  for (const Table& table : part.document.sections.at(0).tables) {
    for (const auto& row : table.rows) {
      for (const TableCell& cell : row) tables += cell.text + "\n";
    }
  }
  EXPECT_NE(tables.find("a dict's lock"), std::string::npos) << tables;
}

TEST_F(PartTest, SaysWhetherAJitWasOn) {
  for (const auto& [jit, title] : {std::pair("on", "CPython 3.14.7, JIT on"),
                                   {"off", "CPython 3.14.7, JIT off"},
                                   {"none", "CPython 3.14.7"}}) {
    const std::string context = R"({"python_version": "3.14.7", "jit": ")" + std::string(jit) + R"("})";
    const PagePart part = read("result.json", R"({"context": )" + context + R"(, "benchmarks": [
      {"run_name": "x/y/threads:1", "real_time": 1, "time_unit": "s"}]})");
    EXPECT_EQ(part.title, title);
  }
}

TEST_F(PartTest, NamesTheInterpreterOfAThreadThatPays) {
  const std::string benchmarks = R"("benchmarks": [{"run_name": "start/break_even/python_threads",
    "real_time": 1, "time_unit": "s", "break_even_ns": 6000}]})";
  const std::string context =
      R"({"context": {"python_version": "3.14.7", "python_free_threaded_build": "true"}, )";
  const auto is_thread = [](const RowId&) { return Traits{.shares_gil = true, .worker = "a thread"}; };
  const PagePart known = read("known.json", context + benchmarks, is_thread);
  const PagePart unknown = read("unknown.json", R"({"context": {}, )" + benchmarks, is_thread);
  EXPECT_EQ(known.answers.at(0).second, "A thread of 3.14.7t pays from 6.00 µs a task.");
  EXPECT_EQ(unknown.answers.at(0).second, "A thread pays from 6.00 µs a task.");
}

TEST_F(PartTest, HasTheCountersOfEachRepetitionOfWhatAWayCostsToEnterWhateverItIsCalled) {
  const std::string run = R"({"context": {}, "benchmarks": [
    {"run_name": "enter/x/threads:1", "run_type": "iteration", "real_time": 1, "time_unit": "s",
     "start_p50_ns": 6000},
    {"run_name": "start/y/threads:1", "run_type": "iteration", "real_time": 1, "time_unit": "s",
     "start_p50_ns": 7000}]})";
  const PagePart part = read("result.json", run, [](const RowId& id) -> std::optional<Traits> {
    return Traits{.costs_to_enter = id.workload == "enter"};
  });
  const auto page = nlohmann::json::parse(page_json({&part, 1}));
  const auto& rows = page.at("parts").at(0).at("rows");
  EXPECT_EQ(rows.at(0).at("repetitions").dump(), R"([{"start_p50_ns":6000.0}])");
  EXPECT_FALSE(rows.at(1).contains("repetitions"));
}

TEST_F(PartTest, KnowsARunThatWasCutOff) {
  const PagePart part = read("result.json", R"({"context": {"complete": false}, "benchmarks": [
    {"run_name": "x/y/threads:1", "real_time": 1, "time_unit": "s"}]})");
  EXPECT_EQ(part.document.warnings.at(0), "the run is not complete: it ended before its last row");
  EXPECT_EQ(part.title, "another program's run");
}

TEST_F(PartTest, OfAComparisonIsTheOneThatWasWritten) {
  Comparison comparison{
      .labels = {"old", "new"}, .rows = {}, .settings = {.margin = 0.02, .confidence = 0.9}};
  comparison.cell_confidence = 0.95;
  comparison.sequential = true;
  for (const std::string key : {"time_s", "gil_wait_share"}) {
    ComparedRow& row = comparison.rows.emplace_back();
    row.id = parse_row_id("w/" + key + "/threads:1");
    const bool is_time = key == "time_s";
    row.measure = {.key = key, .better = Better::lower, .scale = is_time ? Scale::ratio : Scale::difference};
    Cell base, other;
    base.times_s = {2, 4};
    other.times_s = {1, 2};
    base.values = is_time ? base.times_s : std::vector<double>{0.5, 0.5};
    other.values = is_time ? other.times_s : std::vector<double>{0.25, 0.25};
    other.effect = MeanEstimate{.mean = is_time ? std::log(0.5) : -0.25};
    other.effect_interval = Interval{is_time ? std::log(0.4) : -0.3, is_time ? std::log(0.6) : -0.2};
    other.verdict = Verdict::faster;
    other.compared = 2;
    other.counters = {{"gil_switches", 3}};
    row.cells = {base, other};
  }
  Cell failed;
  failed.failure = "it has none such";
  failed.outcome = Outcome::not_applicable;
  comparison.rows.front().cells.front().scaling = Gain{.times = 1.5};
  comparison.rows.front().cells.front().speedup = Gain{.times = 3, .interval = Interval{2, 4}};
  ComparedRow& missing = comparison.rows.emplace_back();
  missing.id = parse_row_id("w/missing/threads:1");
  missing.cells = {comparison.rows.front().cells.front(), failed};
  comparison.merged = MergedParts{.machines = {{.name = "one", .cpu_model = "a CPU", .rounds = 2},
                                               {.name = "two", .cpu_model = "", .rounds = 1}},
                                  .parts = 3,
                                  .parts_found = 2,
                                  .rounds = 4,
                                  .missing_rounds = {3},
                                  .warnings = {"part 3 of 3 is not there: round 3 is missing"},
                                  .context = {{"image", "synthetic"}, {"seed", "8"}},
                                  .context_differs = {{"kernel", {{"one", "6.1"}, {"two", "6.8"}}}}};
  Cell& on_two = comparison.rows[0].cells[1];
  on_two.machines = {{.machine = 0, .rounds = 2, .mean = std::log(0.25)},
                     {.machine = 1, .rounds = 1, .mean = std::log(0.75)}};
  on_two.machines_needed = 5;
  on_two.one_effect_probability = 0.001;
  on_two.differs_between_machines = true;
  comparison.rows[1].cells[1].machines = {{.machine = 1, .rounds = 1, .mean = -0.25}};
  const std::string json = comparison_json(comparison, {{"seed", "7"}, {"command_line", "harness x"}});
  const PagePart part = read("comparison.json", json);
  EXPECT_EQ(part.kind, "comparison");
  EXPECT_EQ(part.command, "harness x");
  EXPECT_EQ(part.document.warnings, std::vector<std::string>{"part 3 of 3 is not there: round 3 is missing"});
  EXPECT_EQ(part.document.facts, (std::vector<std::pair<std::string, std::string>>{
                                     {"command_line", "harness x"}, {"seed", "7"}, {"image", "synthetic"}}));
  EXPECT_NE(std::ranges::find(part.document.notes, "another kernel: 6.1 on one; 6.8 on two"),
            part.document.notes.end());
  EXPECT_EQ(part.question, "Is new faster than old?");
  EXPECT_EQ(nlohmann::json::parse(
                comparison_json(*part.comparison, {{"seed", "7"}, {"command_line", "harness x"}})),
            nlohmann::json::parse(json));
}

TEST_F(PartTest, OfATraceIsTheOneThatWasWritten) {
  tracer::Summary summary;
  summary.program = {.command = {"python3", "app.py"},
                     .interpreter = "CPython 3.14.7",
                     .end = "exit status 0",
                     .command_line = "harness trace app.py"};
  summary.traced_ns = 2'000'000'000;
  summary.threads_ever = 1;
  summary.threads = {{.name = "main", .alive_ns = 2'000'000'000, .parks = 1, .parked_ns = 1'000'000}};
  summary.notes = {"some GILs are missing"};
  const PagePart part = read("trace.json", tracer::summary_json(summary));
  EXPECT_EQ(part.kind, "trace");
  EXPECT_EQ(part.title, "app.py");
  EXPECT_EQ(part.command, "harness trace app.py");
  EXPECT_EQ(part.document.notes, summary.notes);
  EXPECT_EQ(part.document.facts.back().second, "exit status 0 after 2.00 s");
  const auto json = nlohmann::json::parse(page_json({&part, 1}))["parts"][0];
  EXPECT_EQ(json["trace"]["threads"][0]["parked_ns"], 1'000'000);
}

// Two rounds may have an infinite interval, which JSON has no number for.
TEST_F(PartTest, OfAComparisonMayHaveAnIntervalWithoutAnEnd) {
  const auto with = [](const std::string& values) {
    return R"({"margin": 0.01, "confidence": 0.95, "cell_confidence": 0.99, "paired": true, "first_round": 1,
      "labels": ["a", "b"], "rows": [{"name": "w/python/threads:1", "compared_by": "time_s", "better": "lower",
      "cells": [{"times_s": [1, 2]}, {"times_s": [1, 2], "ratio": 1, "verdict": "inconclusive", "compared": 2, )" +
           values + "}]}]}";
  };
  const PagePart part = read("comparison.json", with(R"("ratio_low": 0, "ratio_high": null, "speedup": 2)"));
  EXPECT_FALSE(part.comparison->rows[0].cells[1].effect_interval);
  EXPECT_EQ(part.comparison->rows[0].cells[1].speedup->times, 2);
  for (const char* const gain :
       {R"("speedup": 0)", R"("scaling": -1)", R"("speedup": 1, "speedup_low": 0)"}) {
    folder_.write("comparison.json", with(gain));
    EXPECT_NE(refusal_of("comparison.json").find("a gain in it is not above 0"), std::string::npos) << gain;
  }
}

TEST_F(PartTest, IsRefusedWhereItIsNoSuch) {
  std::filesystem::create_directory(folder_.path() / "empty");
  std::filesystem::create_directory(folder_.path() / "begun");
  folder_.write("begun/journal.jsonl", "{}\n");
  folder_.write("text.txt", "no JSON");
  folder_.write("none.json", "{\"cell_confidence\": 1}");
  folder_.write("packed.json.gz", "\x1f\x8b nothing");
  const std::string at = folder_.path().string();
  EXPECT_EQ(refusal_of("empty"),
            at + "/empty: it has no result.json and no comparison.json; give the folder of a "
                 "run or of a comparison");
  EXPECT_EQ(refusal_of("begun"),
            at + "/begun: its comparison has not ended; go on with it by: harness --resume=" + at + "/begun");
  EXPECT_NE(refusal_of("text.txt").find("text.txt: it is no JSON"), std::string::npos);
  EXPECT_NE(refusal_of("none.json").find("none.json: it is no comparison of this program's"),
            std::string::npos);
  EXPECT_NE(refusal_of("packed.json.gz"), "");
  EXPECT_NE(refusal_of("missing").find("there is no such file or folder"), std::string::npos);
}

TEST_F(PartTest, IsWrittenForTheOneWhoDraws) {
  const std::vector<PagePart> parts{read("result.json", kRun)};
  const auto json = nlohmann::json::parse(page_json(parts));
  const auto& part = json.at("parts").at(0);
  EXPECT_EQ(part.at("kind"), "run");
  EXPECT_EQ(part.at("rows").at(0).at("times_s"), (std::vector<double>{0.012, 0.01}));
  EXPECT_EQ(part.at("rows").at(0).at("labels").at("threads"), "1");
  EXPECT_EQ(part.at("rows").at(2).at("error"), "it broke");
  EXPECT_EQ(part.at("document").at("sections").at(0).at("title"), "mine.it");
}

}  // namespace
}  // namespace harness
