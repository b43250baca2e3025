// harness/lock_trace/analysis_test.cpp: counts, sites and stops of the world from events alone.
#include "harness/lock_trace/analysis.h"

#include <gtest/gtest.h>

#include "harness/lock_trace/row_counters.h"
#include "harness/lock_trace/test_recordings.h"

namespace harness::lock_trace {
namespace {

using enum EventKind;

Analysis analysed(const Recording& recording, Window window = {0, 1000}) {
  return analyse(recording, window, test_site);
}

const Recording kContended = recorded({
    {"a",
     {{100, kDict, spin}, {140, 40, spin_end}, {150, kDict, park}, {400, 7, park_end}, {500, 0, at_once}}},
    {"b",
     {{350, kDict, spin}, {360, 2, spin_end}, {390, kUnlock, wake}, {450, kYield, spin}, {460, 9, spin_end}}},
});

TEST(LockAnalysis, AddsUpWhatThreadsDidByPlace) {
  const Analysis analysis = analysed(kContended);
  EXPECT_EQ(analysis.failure, "");
  EXPECT_EQ(analysis.lock_parks_ns, std::vector<std::int64_t>{250});
  EXPECT_EQ(analysis.lock_yields, 42U);  // os.sched_yield() is no lock's
  EXPECT_EQ(analysis.lock_spin_ns, 50);
  EXPECT_EQ(analysis.semaphore_waits, 2U);
  ASSERT_EQ(analysis.sites.size(), 1U);
  EXPECT_EQ(analysis.sites.at(kDict).lost_ns(), 300);
  EXPECT_TRUE(analysis.stops.empty());
}

// A thread that spins gets the lock, or parks for it.
TEST(LockAnalysis, TellsBurstsBeforeAParkFromOthers) {
  const Analysis analysis = analysed(kContended);
  EXPECT_EQ(analysis.lock_bursts, 2U);  // os.sched_yield() is no lock's
  EXPECT_EQ(analysis.lock_bursts_parked, 1U);
  const auto parked = [](std::int64_t park_ns, StackNumber at) {
    const Recording recording = recorded(
        {{"a", {{100, kDict, spin}, {140, 40, spin_end}, {park_ns, at, park}, {park_ns + 1, 0, park_end}}}});
    return analysed(recording, {0, 1'000'000}).lock_bursts_parked;
  };
  EXPECT_EQ(parked(50'140, kDict), 1U);
  EXPECT_EQ(parked(50'141, kDict), 0U) << "it may have had the lock meanwhile";
  EXPECT_EQ(parked(150, kKept), 0U) << "for a stopped world";
}

TEST(LockAnalysis, CountsWithinTheWindow) {
  const Analysis analysis = analysed(kContended, {200, 355});
  EXPECT_EQ(analysis.lock_parks_ns, std::vector<std::int64_t>{155});
  EXPECT_EQ(analysis.sites.at(kDict).parks, 0U);  // it began before
  EXPECT_EQ(analysis.lock_yields, 2U);
  EXPECT_EQ(analysis.lock_spin_ns, 5);
  EXPECT_EQ(analysis.semaphore_waits, 0U);
}

TEST(LockAnalysis, FindsWhatContradictsItself) {
  const Analysis analysis = analysed(recorded({{"a", {{1, kDict, park}, {2, kDict, park}}}}));
  EXPECT_EQ(analysis.failure, "thread \"a\" parked while it waited");
  RowCounters counters;
  counters.add(analysis);
  ASSERT_EQ(counters.counters().size(), 1U);
  EXPECT_EQ(counters.counters()[0].first, "lock_dropped_events");
}

TEST(WorldStops, HaveWhoAskedWhyAndWhoCameLast) {
  const Analysis analysis = analysed(recorded({
      {"gc", {{100, kRequest, park}, {150, 0, park_end}, {300, kStart, wake}, {301, kStart, wake}}},
      {"b", {{110, kKept, park}, {320, 0, park_end}}},
      {"c", {{145, kKept, park}, {330, 0, park_end}}},
  }));
  ASSERT_EQ(analysis.stops.size(), 1U);
  const WorldStop& stop = analysis.stops[0];
  EXPECT_EQ(stop.asked_ns, 100);
  EXPECT_EQ(stop.stopped_ns, 150);
  EXPECT_EQ(stop.started_ns, 300);
  EXPECT_EQ(stop.requester, "gc");
  EXPECT_EQ(stop.why, "garbage collection");
  EXPECT_EQ(stop.last, "c");
  EXPECT_EQ(stop.threads, 2U);
  EXPECT_TRUE(analysis.lock_parks_ns.empty());
}

TEST(WorldStops, AreApartWhereOneThreadStopsItTwice) {
  const Analysis analysis = analysed(recorded({
      {"gc",
       {{100, kRequest, park},
        {150, 0, park_end},
        {200, kStart, wake},
        {250, kRequest, park},
        {290, 0, park_end},
        {300, kStart, wake}}},
      {"b", {{140, kKept, park}, {220, 0, park_end}, {280, kKept, park}, {310, 0, park_end}}},
  }));
  ASSERT_EQ(analysis.stops.size(), 2U);
  EXPECT_EQ(analysis.stops[0].length_ns(), 100);
  EXPECT_EQ(analysis.stops[1].asked_ns, 250);
  EXPECT_EQ(analysis.stops[1].length_ns(), 50);
}

// The thread was let go on, and stopped again before it came back.
TEST(WorldStops, AreApartWhereOneIsKeptTwice) {
  const Analysis analysis = analysed(recorded({
      {"gc", {{200, kStart, wake}, {300, kStart, wake}}},
      {"b", {{140, kKept, park}, {220, 0, park_end}, {221, kKept, park}, {310, 0, park_end}}},
  }));
  ASSERT_EQ(analysis.stops.size(), 2U);
  EXPECT_EQ(analysis.stops[0].length_ns(), 60);
  EXPECT_EQ(analysis.stops[1].length_ns(), 79);
}

// Nobody was waited for: it is seen from when the first was kept.
TEST(WorldStops, ThatNobodyWasWaitedForBeginWithWhomTheyKept) {
  const Analysis analysis = analysed(recorded({
      {"gc", {{300, kStart, wake}}},
      {"b", {{120, kKept, park}, {320, 0, park_end}}},
  }));
  ASSERT_EQ(analysis.stops.size(), 1U);
  EXPECT_EQ(analysis.stops[0].asked_ns, 120);
  EXPECT_EQ(analysis.stops[0].last, "b");
}

// All that it waited for have detached, and none came back: nobody had to be woken.
TEST(WorldStops, ThatKeptNobodyEndWithTheWaitForOthers) {
  const Analysis analysis = analysed(recorded({{"gc", {{100, kRequest, park}, {150, 0, park_end}}}}));
  ASSERT_EQ(analysis.stops.size(), 1U);
  EXPECT_EQ(analysis.stops[0].length_ns(), 50);
  EXPECT_EQ(analysis.stops[0].threads, 0U);
}

TEST(LockCounters, AreMeansOfTheIterations) {
  RowCounters counters;
  counters.add(analysed(kContended));
  counters.add(analysed(recorded({{"a", {{500, kDict, park}, {600, 0, park_end}}}})));
  std::map<std::string, double> values;
  for (const auto& [name, value] : counters.counters()) values[name] = value;
  EXPECT_EQ(values.at("lock_parks"), 1);
  EXPECT_EQ(values.at("lock_park_ns"), 175);
  EXPECT_EQ(values.at("lock_park_max_ns"), 250);
  EXPECT_EQ(values.at("lock_spins"), 21);
  EXPECT_EQ(values.at("lock_spin_ns"), 25);
  EXPECT_EQ(values.at("world_stops"), 0);
  EXPECT_FALSE(values.contains("world_stop_max_ns"));
  EXPECT_EQ(values.at("semaphore_waits"), 1.5);
  EXPECT_EQ(counters.sites().at(kDict).parks, 2U);
}

TEST(LockCounters, AreNoneWhereNothingWasRecorded) {
  EXPECT_TRUE(RowCounters().counters().empty());
}

}  // namespace
}  // namespace harness::lock_trace
