// harness/tracer/summary_document_test.cpp: a report for people, no wider than their terminal, and for
// programs.
#include "harness/tracer/summary_document.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/report/terminal.h"
#include "harness/system/text.h"
#include "harness/testing/assertions.h"

namespace harness::tracer {
namespace {

/// Two threads of which one kept the GIL.
Summary summary_of_two() {
  Summary summary;
  summary.program = {.command = {"python3", "app.py", "\033[31m"},
                     .interpreter = "CPython 3.14.7",
                     .process = 12,
                     .end = "exit status 0"};
  summary.traced_ns = 1'000'000'000;
  summary.threads_ever = 2;
  summary.long_hold_ns = 5'000'000;
  const GilUse held{.acquires = 10,
                    .releases = 10,
                    .waits = 0,
                    .timeouts = 0,
                    .forced_switches = 5,
                    .held_ns = 800'000'000,
                    .waited_ns = 0,
                    .longest_hold_ns = 200'000'000,
                    .longest_wait_ns = 0};
  const GilUse waited{.acquires = 7,
                      .releases = 7,
                      .waits = 5,
                      .timeouts = 40,
                      .forced_switches = 0,
                      .held_ns = 100'000'000,
                      .waited_ns = 300'000'000,
                      .longest_hold_ns = 20'000'000,
                      .longest_wait_ns = 200'000'000};
  summary.threads = {
      {.name = "export", .os_id = 12, .alive_ns = 1'000'000'000, .gil = held, .gils = {{1, held}}},
      {.name = "answer", .os_id = 13, .alive_ns = 900'000'000, .gil = waited, .gils = {{1, waited}}}};
  GilUse all = held;
  all += waited;
  summary.gils = {{.number = 1, .use = all, .switches = 12, .handoffs = 5, .handoff_mean_ns = 10'000}};
  summary.long_waits = {
      {.thread = "answer", .holder = "export", .length_ns = 200'000'000, .began_ns = 1'000'000}};
  summary.long_holds = {{.function = "encoder_call",
                         .library = "_json.cpython-314-x86_64-linux-gnu.so",
                         .python = "export (app.py:12)",
                         .python_stack = {"export (/app.py:12)"},
                         .stack = {"encoder_call (_json.cpython-314-x86_64-linux-gnu.so)"},
                         .count = 3,
                         .total_ns = 600'000'000,
                         .longest_ns = 200'000'000},
                        {.function = "planted_sleep",
                         .library = "planted.so",
                         .system_call = "nanosleep",
                         .count = 1,
                         .total_ns = 60'000'000,
                         .longest_ns = 60'000'000},
                        {.count = 2, .total_ns = 20'000'000, .longest_ns = 10'000'000}};
  summary.notes = {"not traced: 1 process that it forked (99)"};
  return summary;
}

bool has_line(const std::string& text, const std::vector<std::string>& parts) {
  for (const std::string_view line : lines_of(text)) {
    if (std::ranges::all_of(parts,
                            [&](const std::string& part) { return contains(std::string(line), part); }))
      return true;
  }
  ADD_FAILURE() << "no line has all of " << testing::PrintToString(parts) << " in\n" << text;
  return false;
}

TEST(TraceReport, SaysWhoHeldWhoWaitedAndWhoKeptIt) {
  const std::string text = report_text(summary_of_two(), {.width = 100});
  has_line(text, {"export", "1.00 s", "800 ms", "80.0 %"});
  has_line(text, {"answer", "900 ms", "100 ms", "300 ms", "33.3 %", "200 ms", "500 ms"});
  has_line(text, {"answer", "200 ms", "1.00 ms", "export"});
  has_line(text, {"encoder_call (_json)", "3", "600 ms", "200 ms", "export (app.py:12)"});
  has_line(text, {"planted_sleep (planted), in nanosleep", "60.0 ms"});
  has_line(text, {"not known", "2", "20.0 ms"});
  has_line(text, {"The GIL was held for 900 ms, 90.0 %", "12 times"});
  has_line(text, {"note: not traced: 1 process"});
}

TEST(TraceReport, IsNoWiderThanTheScreenAndWritesNoCommandsToIt) {
  for (const std::size_t width : {60U, 80U, 100U, 200U}) {
    const std::string text = report_text(summary_of_two(), {.width = width});
    EXPECT_FALSE(contains(text, "\033"));
    for (const std::string_view line : lines_of(text)) EXPECT_LE(columns_of(line), width) << line;
  }
}

TEST(TraceReport, HasNoColumnsOfAGilThatNobodyUsed) {
  Summary summary;
  summary.traced_ns = 1'000'000'000;
  summary.threads_ever = 1;
  summary.threads = {{.name = "main",
                      .os_id = 1,
                      .alive_ns = 1'000'000'000,
                      .parks = 3,
                      .yields = 80,
                      .parked_ns = 5'000'000,
                      .spinning_ns = 1'000'000,
                      .locks_ns = 5'000'000}};
  const std::string text = report_text(summary, {.width = 100});
  EXPECT_FALSE(contains(text, "held"));
  has_line(text, {"main", "5.00 ms", "1.00 ms", "80"});
  has_line(text, {"No thread used a GIL."});
}

TEST(TraceReport, IsJsonForPrograms) {
  const auto json = nlohmann::json::parse(summary_json(summary_of_two()));
  EXPECT_EQ(json.at("schema_version"), kReportSchema);
  EXPECT_EQ(json.at("threads").at(1).at("gil").at("waited_ns"), 300'000'000);
  EXPECT_EQ(json.at("threads").at(1).at("gil").at("detached_ns"), 500'000'000);
  EXPECT_EQ(json.at("gils").at(0).at("switches"), 12);
  EXPECT_EQ(json.at("long_holds").at(0).at("python"), "export (app.py:12)");
  EXPECT_EQ(json.at("long_holds").at(1).at("system_call"), "nanosleep");
  EXPECT_FALSE(json.at("long_holds").at(2).contains("function")) << "it is not known";
  EXPECT_EQ(json.at("long_waits").at(0).at("holder"), "export");
  EXPECT_EQ(json.at("notes").size(), 1u);
}

}  // namespace
}  // namespace harness::tracer
