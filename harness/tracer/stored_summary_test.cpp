// harness/tracer/stored_summary_test.cpp: a trace that says something else once it has been stored.
#include "harness/tracer/stored_summary.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "harness/testing/assertions.h"
#include "harness/tracer/summary_document.h"

namespace harness::tracer {
namespace {

/// One that has something of everything.
Summary some_summary() {
  const GilUse use{.acquires = 10,
                   .releases = 9,
                   .waits = 4,
                   .timeouts = 3,
                   .forced_switches = 2,
                   .held_ns = 800,
                   .waited_ns = 100,
                   .longest_hold_ns = 200,
                   .longest_wait_ns = 50};
  Summary summary;
  summary.program = {.command = {"python3", "-X", "dev", "app.py", "\033[31m"},
                     .interpreter = "CPython 3.14.7",
                     .process = 12,
                     .end = "exit status 0",
                     .command_line = "harness trace app.py"};
  summary.traced_ns = 1000;
  summary.threads_ever = 3;
  summary.long_hold_ns = 5;
  summary.threads = {{.name = "main",
                      .os_id = 12,
                      .alive_ns = 950,
                      .gil = use,
                      .gils = {{1, use}, {kSeveralGils, use}},
                      .wait_p50_ns = 10,
                      .wait_p99_ns = 40,
                      .hold_p50_ns = 80,
                      .hold_p99_ns = 190},
                     {.name = "others",
                      .threads = 2,
                      .alive_ns = 100,
                      .parks = 3,
                      .yields = 8,
                      .parked_ns = 50,
                      .spinning_ns = 7,
                      .locks_ns = 20,
                      .stopped_ns = 30}};
  summary.gils = {
      {.number = 1, .use = use, .switches = 4, .handoffs = 2, .handoff_mean_ns = 9, .contradictions = 1},
      {.number = kSeveralGils, .use = use, .is_of_several = true}};
  summary.long_waits = {{.thread = "main", .holder = "", .length_ns = 50, .began_ns = 2}};
  summary.long_holds = {{.function = "encode",
                         .library = "_json.so",
                         .system_call = "read",
                         .had_no_core = true,
                         .python = "export (app.py:12)",
                         .python_stack = {"export (/app.py:12)"},
                         .stack = {"encode (_json.so)"},
                         .count = 3,
                         .total_ns = 600,
                         .longest_ns = 200},
                        {.count = 1, .total_ns = 10, .longest_ns = 10}};
  summary.sites = {{.what = "a dict's lock",
                    .stack = {"dict_lookup"},
                    .parks = 3,
                    .yields = 8,
                    .parked_ns = 20,
                    .spinning_ns = 7,
                    .longest_park_ns = 15}};
  summary.stops = {{.why = "garbage collection",
                    .requester = "main",
                    .last = "",
                    .stops = 2,
                    .stopping_ns = 1.5,
                    .stopped_ns = 10,
                    .longest_ns = 14}};
  summary.notes = {"not traced: 1 process that it forked (99)"};
  return summary;
}

TEST(StoredSummary, IsTheOneThatWasWritten) {
  Summary summary = some_summary();
  summary.program.command.pop_back();
  const std::string json = summary_json(summary);
  EXPECT_TRUE(is_stored_summary(json));
  EXPECT_EQ(summary_json(stored_summary_of(json, "report.json")), json);
  summary.program.knows_world = false;
  summary.stops.clear();
  const std::string without_world = summary_json(summary);
  EXPECT_EQ(summary_json(stored_summary_of(without_world, "report.json")), without_world);
}

TEST(StoredSummary, HasNoCommandsForATerminal) {
  const Summary read = stored_summary_of(summary_json(some_summary()), "report.json");
  EXPECT_EQ(read.program.command.back().find('\033'), std::string::npos);
}

TEST(StoredSummary, IsRefusedWhereItIsNone) {
  const auto json = nlohmann::json::parse(summary_json(some_summary()));
  const auto refusal_of = [](const std::string& text) {
    return error_of([&] { stored_summary_of(text, "report.json"); });
  };
  for (const auto& [key, value] : json.items()) {
    if (key == "format") continue;
    auto without = json, other = json;
    without.erase(key);
    const bool may_be_absent = key == "world_stops" || key == "command_line";
    EXPECT_EQ(refusal_of(without.dump()).empty(), may_be_absent) << key;
    for (const char* const wrong : {"-1", "null", "{}", "[1]", "true", "[[]]"}) {
      other[key] = nlohmann::json::parse(wrong);
      EXPECT_TRUE(contains(refusal_of(other.dump()), "; give what harness trace --report wrote"))
          << key << ": " << wrong;
    }
  }
  auto negative = json;
  negative["threads"][0]["alive_ns"] = -5;
  EXPECT_TRUE(contains(refusal_of(negative.dump()), "\"alive_ns\" in it is no time and no count"));
  negative["threads"][0]["alive_ns"] = 1e300;
  EXPECT_TRUE(contains(refusal_of(negative.dump()), "\"alive_ns\" in it is no time and no count"));
  auto endless = json;
  for (int i = 0; i < 4; ++i) endless["sites"].push_back(json["sites"][0]);
  for (auto& site : endless["sites"]) site["park_ns"] = INT64_MAX / 5;
  EXPECT_TRUE(contains(refusal_of(endless.dump()), "add up to more than a number holds"));
  EXPECT_TRUE(contains(refusal_of("{"), "it is no JSON"));
  EXPECT_TRUE(contains(refusal_of(std::string(100, '[')), "levels"));
}

}  // namespace
}  // namespace harness::tracer
