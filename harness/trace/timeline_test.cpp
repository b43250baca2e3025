// harness/trace/timeline_test.cpp: a file without a GIL's lanes is one, too, and reads back as it was.
#include "harness/trace/timeline.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "harness/trace/timeline_file.h"
#include "harness/trace/timeline_format.h"

namespace harness::trace {
namespace {

using namespace timeline_format;

Timeline without_a_gil() {
  Timeline timeline{.window = {1'000, 9'000},
                    .lanes = {.entries = {{.begin_ns = 500,
                                           .end_ns = 2'000,
                                           .name = "parked: a dict's lock",
                                           .process = kThreads,
                                           .lane = 7,
                                           .key = "rounds",
                                           .value = 3,
                                           .cpu = 1,
                                           .end_cpu = 2},
                                          {.begin_ns = 3'000,
                                           .end_ns = 3'000,
                                           .name = "asked",
                                           .process = kThreads,
                                           .lane = 8,
                                           .is_instant = true}},
                              .threads = {{7, "team 0"}}},
                    .metadata = {{"row", "a/b"}},
                    .cores = CoreMap(std::vector<std::vector<int>>{{1, 2}}),
                    .dropped_events = 5};
  timeline.contention.sites = {{.what = "a dict's lock", .parks = 1}};
  return timeline;
}

TEST(TimelineOfAnyTrace, ReadsBackAsItWasWritten) {
  const Timeline timeline = without_a_gil();
  const StoredTimeline read = parse_timeline(timeline_text(timeline).json);
  EXPECT_EQ(read.window.length_ns(), 8'000);
  EXPECT_EQ(read.dropped_events, 5U);
  EXPECT_EQ(read.metadata, timeline.metadata);
  EXPECT_EQ(read.cores, timeline.cores);
  EXPECT_EQ(read.contention.sites.at(0).what, "a dict's lock");
  ASSERT_EQ(read.threads.size(), 2U);
  const StoredLane& lane = read.threads.at(7);
  EXPECT_EQ(lane.name, "team 0");
  ASSERT_EQ(lane.entries.size(), 1U);
  const StoredEntry& parked = lane.entries[0];
  EXPECT_EQ(parked.name, "parked: a dict's lock");
  EXPECT_EQ(parked.begin_ns, 0) << "the window cuts it";
  EXPECT_EQ(parked.end_ns, 1'000);
  EXPECT_TRUE(parked.begin_is_cut);
  EXPECT_FALSE(parked.end_is_cut);
  EXPECT_EQ(parked.key, "rounds");
  EXPECT_EQ(parked.value, 3);
  EXPECT_EQ(parked.cpu, 1);
  EXPECT_EQ(parked.end_cpu, 2);
  EXPECT_EQ(read.threads.at(8).name, "thread 8");
  EXPECT_EQ(read.threads.at(8).entries.at(0).begin_ns, 2'000);
  EXPECT_EQ(read.threads.at(8).entries.at(0).end_ns, 2'000);
}

TEST(TimelineOfAnyTrace, IsRefusedWhereItIsNone) {
  for (const char* const text : {"", "{}", "[1", R"({"traceEvents": [], "otherData": {}})"})
    EXPECT_THROW(parse_timeline(text), std::runtime_error) << text;
}

TEST(TimelineOfAnyTrace, HasNamedSpansInTheLanesOfTheirProcess) {
  const std::vector<NamedSpan> spans{{"openmp", 1, 2, 7}};
  Lanes lanes;
  add_spans(spans, kNativeCode, lanes);
  ASSERT_EQ(lanes.entries.size(), 1U);
  EXPECT_EQ(lanes.entries[0].process, kNativeCode);
  EXPECT_EQ(lanes.entries[0].lane, 7);
  EXPECT_EQ(lanes.entries[0].name, "openmp");
}

}  // namespace
}  // namespace harness::trace
