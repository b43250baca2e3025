// harness/gil_trace/timeline_test.cpp: the file is what trace viewers read, and reads back as it was.
#include "harness/gil_trace/timeline.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/error.h"
#include "harness/gil_trace/timeline_file.h"
#include "harness/system/text.h"
#include "harness/testing/assertions.h"
#include "harness/trace/gzip.h"
#include "harness/trace/timeline_format.h"

namespace harness::gil_trace::timeline_test {
namespace {

using nlohmann::json;
namespace timeline_format = trace::timeline_format;

// Two threads that contend, a third that uses another GIL; a window that cuts the first hold.
Recording contended() {
  using enum EventKind;
  return {
      .begin_ns = 1'000'000,
      .end_ns = 2'000'000,
      .threads = {
          {.os_id = 11,
           .name = "team 0",
           .events = {{1'100'000, 0, acquire, 0},
                      {1'300'000, 0, release, 0},
                      {1'300'100, 0, yield, 0},
                      {1'310'100, 0, yield_end, 3},
                      {1'310'200, 0, wait, 3},
                      {1'420'001, 0, acquire, 1},
                      {1'500'000, 0, release, 1}}},
          {.os_id = 12,
           .name = "a \"name\" \\ with \xff",
           .events = {{1'150'000, 0, wait, 2},
                      {1'250'000, 0, timeout, 2},
                      {1'310'000, 0, acquire, 2},
                      {1'400'000, 0, release, 2}}},
          {.os_id = 13, .name = "thread 13", .events = {{1'200'000, 1, acquire}, {1'600'000, 1, release}}}}};
}

trace::Timeline timeline_of(const Recording& recording) {
  static const std::vector<trace::NamedSpan> kIterationSpans{{"iteration 0", 1'120'000, 1'900'000}};
  static const std::vector<trace::NamedSpan> kRegions{{"openmp", 1'510'000, 1'800'000, 11}};
  trace::Timeline timeline{
      .window = {1'120'000, 1'900'000},
      .metadata = {{"row", "countdown/python_threads/threads:2"}, {"interpreter", "3.13.0"}},
      .cores = CoreMap(std::vector<std::vector<int>>{{0, 2}, {1, 3}})};
  add_lanes(recording, timeline.lanes);
  trace::add_spans(kIterationSpans, timeline_format::kIterations, timeline.lanes);
  trace::add_spans(kRegions, timeline_format::kNativeCode, timeline.lanes);
  return timeline;
}

json parsed(const trace::Timeline& timeline) {
  return json::parse(timeline_text(timeline).json);
}

class Folder : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "timeline-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
};
using TimelineFileTest = Folder;

// The Trace Event Format, as far as it is used.
TEST(Timeline, IsValidBySchema) {
  const Recording recording = contended();
  const json file = parsed(timeline_of(recording));
  ASSERT_TRUE(file.is_object());
  EXPECT_TRUE(file.at("displayTimeUnit") == "ns");
  ASSERT_TRUE(file.at("otherData").is_object());
  ASSERT_TRUE(file.at("traceEvents").is_array());
  for (const json& event : file.at("traceEvents")) {
    EXPECT_TRUE(event.at("name").is_string());
    EXPECT_TRUE(event.at("pid").is_number_integer());
    EXPECT_TRUE(event.at("tid").is_number_integer());
    const std::string phase = event.at("ph");
    if (phase == "M") {
      EXPECT_TRUE(event.at("name") == "process_name" || event.at("name") == "thread_name");
      EXPECT_TRUE(event.at("args").at("name").is_string());
    } else if (phase == "X") {
      EXPECT_GE(event.at("ts").get<double>(), 0);
      EXPECT_GE(event.at("dur").get<double>(), 0);
    } else {
      ASSERT_EQ(phase, "i");
      EXPECT_GE(event.at("ts").get<double>(), 0);
      EXPECT_EQ(event.at("s"), "t");
    }
  }
}

// A viewer draws spans of one lane only if they follow or contain one another.
TEST(Timeline, HasNoSpansThatOverlapInALane) {
  const Recording recording = contended();
  std::map<std::pair<int, int>, double> end_of;
  const json file = parsed(timeline_of(recording));
  for (const json& event : file.at("traceEvents")) {
    if (event.at("ph") != "X") continue;
    double& end = end_of[{event.at("pid"), event.at("tid")}];
    EXPECT_GE(event.at("ts").get<double>() + 1e-6, end) << event;
    end = event.at("ts").get<double>() + event.at("dur").get<double>();
  }
  EXPECT_EQ(end_of.size(), 3u + 2u + 1u + 1u);  // threads, GILs, iterations, native code
}

TEST(Timeline, NamesEveryLaneItUses) {
  const Recording recording = contended();
  std::set<std::pair<int, int>> used;
  std::set<std::pair<int, int>> named;
  std::set<std::string> names;
  const json file = parsed(timeline_of(recording));
  for (const json& event : file.at("traceEvents")) {
    const std::pair<int, int> lane{event.at("pid"), event.at("tid")};
    if (event.at("ph") != "M") used.insert(lane);
    if (event.at("name") != "thread_name") continue;
    named.insert(lane);
    names.insert(event.at("args").at("name"));
  }
  EXPECT_EQ(used, named);
  EXPECT_TRUE(names.contains("team 0"));
  EXPECT_TRUE(names.contains("GIL 1"));
  EXPECT_TRUE(names.contains("iterations"));
}

TEST(Timeline, ShowsWhatEachThreadDidAndWhoHeld) {
  const Recording recording = contended();
  std::map<std::string, int> spans;
  const json file = parsed(timeline_of(recording));
  for (const json& event : file.at("traceEvents")) {
    if (event.at("ph") != "M") ++spans[event.at("name")];
  }
  EXPECT_EQ(spans["holding"], 4);
  EXPECT_EQ(spans["waiting"], 2);
  EXPECT_EQ(spans["forced switch"], 1);
  EXPECT_EQ(spans["detached"], 2);
  EXPECT_EQ(spans["timeout"], 1);
  EXPECT_EQ(spans["team 0"], 2);
  EXPECT_EQ(spans["thread 13"], 1);
  EXPECT_EQ(spans["openmp"], 1);
  EXPECT_EQ(spans["iteration 0"], 1);
}

TEST(Timeline, SaysTheCpuOfEachSpanAndOfEachTimeout) {
  const Recording recording = contended();
  std::vector<std::string> args;
  const json file = parsed(timeline_of(recording));
  for (const json& event : file.at("traceEvents")) {
    if (event.at("ph") == "M" || event.at("pid") != 3) continue;
    const auto number = [&](const char* key) {
      return event.contains("args") && event["args"].contains(key) ? event["args"][key].dump() : "-";
    };
    args.push_back(event.at("name").get<std::string>() + ' ' + number("cpu") + ' ' + number("end_cpu"));
  }
  EXPECT_EQ(args, (std::vector<std::string>{"holding 0 -", "waiting 2 -", "holding - -", "timeout 2 -",
                                            "detached 0 -", "forced switch 0 3", "holding 2 -",
                                            "detached 3 -", "waiting 3 1", "holding 1 -"}));
  EXPECT_EQ(file.at("otherData").at("cores").dump(), "[[0,2],[1,3]]");
}

TEST(Timeline, SaysWhatItLeavesOut) {
  const Recording recording = contended();
  trace::Timeline timeline = timeline_of(recording);
  const json whole = parsed(timeline);
  EXPECT_EQ(whole.at("otherData").at("left_out"), 0);
  timeline.max_entries = 5;
  const trace::TimelineText text = timeline_text(timeline);
  const json part = json::parse(text.json);
  int entries = 0;
  for (const json& event : part.at("traceEvents")) entries += event.at("ph") != "M";
  EXPECT_EQ(entries, 5);
  EXPECT_GT(text.left_out, 0u);
  EXPECT_EQ(part.at("otherData").at("left_out"), text.left_out);
  EXPECT_LT(text.covered_ns, timeline.window.length_ns());
  EXPECT_EQ(part.at("otherData").at("covered_ns"), text.covered_ns);
}

TEST(Timeline, OfNothingIsAFileToo) {
  const json file = parsed({.window = {0, 10}});
  EXPECT_EQ(file.at("otherData").at("window_ns"), 10);
}

void expect_same(const Analysis& read, const Analysis& written) {
  EXPECT_EQ(read.failure, "");
  ASSERT_EQ(read.uses.size(), written.uses.size());
  for (std::size_t i = 0; i < read.uses.size(); ++i) {
    const GilUse& one = read.uses[i].use;
    const GilUse& other = written.uses[i].use;
    EXPECT_EQ(read.uses[i].gil, written.uses[i].gil);
    EXPECT_EQ(one.acquires, other.acquires);
    EXPECT_EQ(one.releases, other.releases);
    EXPECT_EQ(one.switches, other.switches);
    EXPECT_EQ(one.switches_same_core, other.switches_same_core);
    EXPECT_EQ(one.switches_other_core, other.switches_other_core);
    EXPECT_EQ(one.forced_switches, other.forced_switches);
    EXPECT_EQ(one.timeouts, other.timeouts);
    EXPECT_EQ(one.holds_ns, other.holds_ns);
    EXPECT_EQ(one.waits_ns, other.waits_ns);
    EXPECT_EQ(one.handoffs_ns, other.handoffs_ns);
  }
}

TEST_F(TimelineFileTest, ReadsBackAsItWasWritten) {
  const Recording recording = contended();
  const trace::Timeline timeline = timeline_of(recording);
  for (const char* name : {"trace.json", "trace.json.gz"}) {
    write_timeline(folder_ / name, timeline);
    const TimelineFile file = read_timeline(folder_ / name);
    EXPECT_EQ(file.metadata, timeline.metadata);
    EXPECT_EQ(file.recording.threads.at(0).name, "team 0");
    EXPECT_EQ(file.window.length_ns(), timeline.window.length_ns());
    const Analysis read = analyse(file.recording, file.window, file.cores);
    EXPECT_EQ(read.total().switches_same_core, 1u);
    EXPECT_EQ(read.total().switches_other_core, 1u);
    expect_same(read, analyse(recording, timeline.window, timeline.cores));
  }
}

// Another trace's spans: they are shown, and are no events of the GIL's.
TEST_F(TimelineFileTest, ReadsBackWhereThreadsWaitedForLocks) {
  const Recording recording = contended();
  trace::Timeline timeline = timeline_of(recording);
  const std::vector<trace::TimelineEntry> others{{.begin_ns = 1'430'000,
                                                  .end_ns = 1'480'000,
                                                  .name = "parked: a dict's lock",
                                                  .process = timeline_format::kThreads,
                                                  .lane = 14},
                                                 {.begin_ns = 1'430'000,
                                                  .end_ns = 1'490'000,
                                                  .name = "stopped: garbage collection",
                                                  .process = timeline_format::kWorld,
                                                  .lane = 0}};
  timeline.lanes.entries.insert(timeline.lanes.entries.end(), others.begin(), others.end());
  timeline.lanes.threads.emplace(14, "team 2");
  timeline.contention.sites = {
      {.what = "a dict's lock", .stack = {"dict_pop"}, .parks = 1, .spins = 40, .park_ns = 50'000}};
  const std::string text = timeline_text(timeline).json;
  EXPECT_NE(text.find("\"team 2\""), std::string::npos);
  EXPECT_NE(text.find("\"stopped: garbage collection\",\"ph\":\"X\",\"pid\":5"), std::string::npos);
  const TimelineFile file = timeline_file_of(text, "trace.json");
  ASSERT_EQ(file.contention.sites.size(), 1U);
  EXPECT_EQ(file.contention.sites[0].stack, std::vector<std::string>{"dict_pop"});
  EXPECT_EQ(file.contention.sites[0].spins, 40);
  for (const ThreadEvents& thread : file.recording.threads) {
    EXPECT_EQ(thread.events.empty(), thread.os_id == 14) << thread.name;
  }
}

// Version 1 knew neither CPUs nor cores.
TEST_F(TimelineFileTest, ReadsAFileOfVersion1) {
  Recording recording = contended();
  for (ThreadEvents& thread : recording.threads) {
    for (Event& event : thread.events) event.cpu = trace::kUnknownCpu;
  }
  std::string text = timeline_text(timeline_of(recording)).json;
  EXPECT_FALSE(contains(text, "cpu"));
  for (const auto& [from, to] : {std::pair{R"("format_version":2)", R"("format_version":1)"},
                                 std::pair{R"("cores":[[0,2],[1,3]],)", ""}}) {
    ASSERT_TRUE(contains(text, from));
    text.replace(text.find(from), std::string(from).size(), to);
  }
  const TimelineFile file = timeline_file_of(text, "old.json");
  EXPECT_EQ(file.cores, CoreMap());
  expect_same(analyse(file.recording, file.window), analyse(recording, timeline_of(recording).window));
}

TEST_F(TimelineFileTest, ReadsBackAHoldThatTheWindowsEndCuts) {
  const Recording recording = contended();
  trace::Timeline timeline = timeline_of(recording);
  timeline.window.end_ns = 1'450'000;
  write_timeline(folder_ / "trace.json", timeline);
  const TimelineFile file = read_timeline(folder_ / "trace.json");
  expect_same(analyse(file.recording, file.window), analyse(recording, timeline.window));
}

TEST_F(TimelineFileTest, ReadsBackPartOfAWindowWithoutContradiction) {
  const Recording recording = contended();
  trace::Timeline timeline = timeline_of(recording);
  for (timeline.max_entries = 0; timeline.max_entries < 20; ++timeline.max_entries) {
    write_timeline(folder_ / "trace.json", timeline);
    const TimelineFile file = read_timeline(folder_ / "trace.json");
    EXPECT_EQ(analyse(file.recording, file.window).failure, "") << timeline.max_entries << " entries";
  }
}

TEST_F(TimelineFileTest, IsCompressedIfTheNameSaysSo) {
  const Recording recording = contended();
  write_timeline(folder_ / "trace.json.gz", timeline_of(recording));
  const std::string file = read_text_file(folder_ / "trace.json.gz").value();
  EXPECT_TRUE(trace::is_gzip(file));
  EXPECT_EQ(trace::gunzip(file, kMostFileBytes), timeline_text(timeline_of(recording)).json);
}

TEST_F(TimelineFileTest, NamesAFolderThatItCannotWriteTo) {
  const Recording recording = contended();
  const auto file = folder_ / "missing" / "trace.json";
  EXPECT_TRUE(contains(error_of([&] { write_timeline(file, timeline_of(recording)); }), file.string()));
}

}  // namespace
}  // namespace harness::gil_trace::timeline_test
