// harness/tracer/world_log_test.cpp: stops of the world that are folded piece by piece.
#include "harness/tracer/world_log.h"

#include <gtest/gtest.h>

#include "harness/lock_trace/test_recordings.h"

namespace harness::tracer {
namespace {

using lock_trace::EventKind;
using lock_trace::kKept;
using lock_trace::kRequest;
using lock_trace::kStart;

WorldEvent event(Ticks at, std::uint32_t thread, EventKind kind, std::uint32_t value = 0) {
  return {.ticks = at, .thread = thread, .value = value, .kind = static_cast<std::uint16_t>(kind), .cpu = 0};
}

/// Thread 1 stops the world for 50 ns; thread 2 stops 10 ns after it was asked.
void add_stop(WorldLog& log, Ticks at) {
  log.add(event(at, 1, EventKind::park, kRequest));
  log.add(event(at + 10, 2, EventKind::park, kKept));
  log.add(event(at + 11, 1, EventKind::park_end));
  log.add(event(at + 61, 1, EventKind::wake, kStart));
  log.add(event(at + 70, 2, EventKind::park_end));
}

const WorldLog::Reading kReading{
    .times = trace::TickConversion({0, 0}, {1'000'000, 1'000'000}),
    .name_of = [](std::uint32_t number) { return "thread " + std::to_string(number); },
    .site_of = [](StackNumber stack) -> const lock_trace::Site& { return lock_trace::test_site(stack); }};

TEST(WorldLog, CountsStopsAlikeHoweverOftenItIsFolded) {
  for (const int every : {1, 2, 3, 7, 100}) {
    WorldLog log;
    int added = 0;
    for (Ticks at = 1000; added < 20; at += 1000) {
      add_stop(log, at);
      if (++added % every == 0) log.fold(kReading, false);
    }
    log.fold(kReading, true);
    EXPECT_EQ(log.stops(), 20u) << every;
    const std::vector<WorldStops> stops = log.by_reason().per(1);
    ASSERT_EQ(stops.size(), 1u);
    EXPECT_EQ(stops[0].why, "garbage collection");
    EXPECT_EQ(stops[0].stops, 20);
    EXPECT_EQ(stops[0].requester, "thread 1");
    EXPECT_EQ(stops[0].last, "thread 2");
    EXPECT_EQ(stops[0].stopping_ns, 11);
    EXPECT_EQ(stops[0].stopped_ns, 50);
  }
}

TEST(WorldLog, KeepsAStopThatGoesOnForTheNextFold) {
  WorldLog log;
  add_stop(log, 1000);
  log.add(event(2000, 1, EventKind::park, kRequest));
  log.fold(kReading, false);
  EXPECT_EQ(log.stops(), 1u);
  EXPECT_EQ(log.waiting_events(), 1u);
}

TEST(WorldLog, HasNoneOfNothing) {
  WorldLog log;
  log.fold(kReading, true);
  EXPECT_EQ(log.stops(), 0u);
}

}  // namespace
}  // namespace harness::tracer
