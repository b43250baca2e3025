// harness/gil_trace/row_counters_test.cpp: iterations become counters; what was not measured is absent.
#include "harness/gil_trace/row_counters.h"

#include <gtest/gtest.h>

#include <map>

namespace harness::gil_trace {
namespace {

using Counters = std::map<std::string, double>;

Counters counters_of(const RowCounters& row) {
  Counters counters;
  for (const auto& [name, value] : row.counters()) counters[name] = value;
  return counters;
}

Analysis iteration(std::vector<std::int64_t> holds_ns, std::vector<std::int64_t> waits_ns) {
  GilUse use;
  use.acquires = use.releases = holds_ns.size();
  use.switches = 1;
  use.switches_other_core = 1;
  use.timeouts = 4;
  use.forced_switches = 2;
  use.holds_ns = std::move(holds_ns);
  use.waits_ns = std::move(waits_ns);
  use.handoffs_ns = use.waits_ns;
  return {.window = {0, 1000}, .uses = {{0, 0, use}}, .dropped_events = 0, .failure = {}};
}

TEST(RowCounters, AreMeansPerIterationAndPercentilesOverAll) {
  RowCounters row;
  row.add(iteration({100, 200}, {10}));
  row.add(iteration({300, 400, 500, 100}, {20, 30}));
  EXPECT_EQ(counters_of(row), (Counters{{"gil_acquires", 3},
                                        {"gil_releases", 3},
                                        {"gil_switches", 1},
                                        {"gil_switches_same_core", 0},
                                        {"gil_switches_other_core", 1},
                                        {"gil_forced_switches", 2},
                                        {"gil_timeouts", 4},
                                        {"gil_wait_ns", 30},
                                        {"gil_wait_max_ns", 30},
                                        {"gil_wait_p99_ns", 30},
                                        {"gil_held_ns", 800},
                                        {"gil_held_share", 0.8},
                                        {"gil_handoff_p50_ns", 20},
                                        {"gil_handoff_p99_ns", 30},
                                        {"gil_fairness", 1},
                                        {"gil_longest_hold_ns", 500},
                                        {"gil_dropped_events", 0}}));
}

TEST(RowCounters, LackWhatWasNotThereToMeasure) {
  RowCounters row;
  row.add({.window = {0, 1000}, .uses = {}, .dropped_events = 0, .failure = {}});
  const Counters counters = counters_of(row);
  EXPECT_EQ(counters.at("gil_acquires"), 0);
  EXPECT_EQ(counters.at("gil_wait_ns"), 0);
  for (const char* absent : {"gil_wait_max_ns", "gil_wait_p99_ns", "gil_handoff_p50_ns", "gil_handoff_p99_ns",
                             "gil_fairness", "gil_longest_hold_ns"}) {
    EXPECT_EQ(counters.count(absent), 0u) << absent;
  }
}

TEST(RowCounters, DoNotSplitSwitchesOfWhichOneIsNotTold) {
  RowCounters row;
  row.add(iteration({100}, {}));
  GilUse use;
  use.switches = 1;
  row.add({.window = {0, 1000}, .uses = {{0, 0, use}}, .dropped_events = 0, .failure = {}});
  const Counters counters = counters_of(row);
  EXPECT_EQ(counters.at("gil_switches"), 1);
  EXPECT_EQ(counters.count("gil_switches_same_core"), 0u);
  EXPECT_EQ(counters.count("gil_switches_other_core"), 0u);
}

TEST(RowCounters, AreNoneWithoutIterations) {
  EXPECT_TRUE(RowCounters().counters().empty());
}

TEST(RowCounters, AreNotGivenIfOneIterationFailedTheSelfCheck) {
  RowCounters row;
  row.add(iteration({100}, {}));
  row.add({.window = {0, 1000}, .uses = {}, .dropped_events = 6, .failure = "wrong"});
  row.add(iteration({100}, {}));
  EXPECT_EQ(row.failure(), "wrong");
  EXPECT_EQ(counters_of(row), (Counters{{"gil_dropped_events", 2}}));
}

TEST(RowCounters, CountDroppedEvents) {
  RowCounters row;
  Analysis lossy = iteration({100}, {});
  lossy.dropped_events = 10;
  row.add(lossy);
  EXPECT_EQ(counters_of(row).at("gil_dropped_events"), 10);
  EXPECT_EQ(row.dropped_events(), 10u);
}

}  // namespace
}  // namespace harness::gil_trace
