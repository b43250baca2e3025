// harness/gil_trace/analysis_test.cpp: what hand-written events add up to, and which of them cannot be true.
#include "harness/gil_trace/analysis.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

#include "harness/gil_trace/spans.h"

namespace harness::gil_trace::analysis_test {
namespace {

using enum EventKind;

ThreadEvents thread(std::string name, std::vector<Event> events, std::uint64_t dropped = 0) {
  return {.os_id = 1, .name = std::move(name), .dropped = dropped, .events = std::move(events)};
}

Recording recording(std::vector<ThreadEvents> threads) {
  return {.begin_ns = 1000, .end_ns = 2000, .threads = std::move(threads)};
}

Analysis whole(const Recording& of) {
  return analyse(of, {of.begin_ns, of.end_ns});
}

testing::AssertionResult fails_with(const Analysis& analysis, const std::string& words) {
  if (analysis.failure.find(words) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << '"' << analysis.failure << "\" does not say \"" << words << '"';
}

// The first of two threads holds; the second waits, times out twice, is handed the GIL; the first, having
// yielded, waits for it in turn.
Recording contended() {
  return recording({thread("first", {{1100, 0, acquire},
                                     {1300, 0, release},
                                     {1301, 0, yield},
                                     {1312, 0, yield_end},
                                     {1313, 0, wait},
                                     {1420, 0, acquire},
                                     {1500, 0, release}}),
                    thread("second", {{1150, 0, wait},
                                      {1200, 0, timeout},
                                      {1250, 0, timeout},
                                      {1310, 0, acquire},
                                      {1400, 0, release}})});
}

TEST(GilAnalysis, CountsOneThreadAlone) {
  const Analysis analysis = whole(recording(
      {thread("only", {{1100, 0, acquire}, {1200, 0, release}, {1300, 0, acquire}, {1350, 0, release}})}));
  const GilUse all = analysis.total();
  EXPECT_EQ(analysis.failure, "");
  EXPECT_EQ(all.acquires, 2u);
  EXPECT_EQ(all.releases, 2u);
  EXPECT_EQ(all.switches, 0u);
  EXPECT_EQ(all.held_ns(), 150);
  EXPECT_TRUE(all.waits_ns.empty());
  EXPECT_TRUE(all.handoffs_ns.empty());
  EXPECT_EQ(analysis.fairness(), 1.0);
}

TEST(GilAnalysis, CountsContention) {
  const Analysis analysis = whole(contended());
  const GilUse all = analysis.total();
  EXPECT_EQ(analysis.failure, "");
  EXPECT_EQ(analysis.threads(), 2u);
  EXPECT_GT(analysis.present_ns, 0);
  EXPECT_LE(analysis.present_ns, 2 * analysis.window.length_ns());
  EXPECT_EQ(all.acquires, 3u);
  EXPECT_EQ(all.releases, 3u);
  EXPECT_EQ(all.switches, 2u);
  EXPECT_EQ(all.forced_switches, 1u);
  EXPECT_EQ(all.timeouts, 2u);
  EXPECT_EQ(all.held_ns(), 200 + 80 + 90);
  EXPECT_EQ(all.wait_ns(), (1420 - 1313) + (1310 - 1150));
  EXPECT_EQ(percentile(all.holds_ns, 100), 200);
}

// Two threads take turns: the first on CPU 0, then on CPU 1; the second on the CPU that is given.
Recording turns(trace::CpuNumber second) {
  return recording(
      {thread("first",
              {{1100, 0, acquire, 0}, {1200, 0, release, 0}, {1500, 0, acquire, 1}, {1600, 0, release, 1}}),
       thread("second", {{1300, 0, acquire, second}, {1400, 0, release, second}})});
}

TEST(GilAnalysis, TellsASwitchWithinACoreFromOneToAnother) {
  const CoreMap cores(std::vector<std::vector<int>>{{0, 2}, {1, 3}, {4}});
  const auto use = [&](trace::CpuNumber second) {
    const Recording events = turns(second);
    return analyse(events, {1000, 2000}, cores).total();
  };
  EXPECT_EQ(use(0).switches_same_core, 1u);
  EXPECT_EQ(use(0).switches_other_core, 1u);
  EXPECT_EQ(use(2).switches_same_core, 1u) << "a second hardware thread of the core";
  EXPECT_EQ(use(4).switches_same_core, 0u);
  EXPECT_EQ(use(4).switches_other_core, 2u);
  EXPECT_EQ(use(3).switches_same_core, 1u);
  EXPECT_EQ(use(3).switches_other_core, 1u);
}

TEST(GilAnalysis, CountsASwitchByNoCoreWhereTheCpuOrTheMachineIsNotKnown) {
  const Recording events = turns(trace::kUnknownCpu);
  const CoreMap cores(std::vector<std::vector<int>>{{0}, {1}});
  for (const GilUse& use : {analyse(events, {1000, 2000}, cores).total(), whole(turns(0)).total()}) {
    EXPECT_EQ(use.switches, 2u);
    EXPECT_EQ(use.switches_same_core + use.switches_other_core, 0u);
  }
}

TEST(GilAnalysis, IsOneWaitHoweverManyTimeouts) {
  const Analysis analysis = whole(contended());
  EXPECT_EQ(analysis.of_thread(1).waits_ns, (std::vector<std::int64_t>{160}));
}

TEST(GilAnalysis, MeasuresHandOffsFromReleaseToTheAcquireOfAWaiter) {
  const Analysis analysis = whole(contended());
  EXPECT_EQ(analysis.of_thread(0).handoffs_ns, (std::vector<std::int64_t>{20}));
  EXPECT_EQ(analysis.of_thread(1).handoffs_ns, (std::vector<std::int64_t>{10}));
}

TEST(GilAnalysis, HasNoHandOffToAThreadThatDidNotWait) {
  const Analysis analysis = whole(recording({thread("a", {{1100, 0, acquire}, {1200, 0, release}}),
                                             thread("b", {{1300, 0, acquire}, {1400, 0, release}})}));
  EXPECT_EQ(analysis.failure, "");
  EXPECT_EQ(analysis.total().switches, 1u);
  EXPECT_TRUE(analysis.total().handoffs_ns.empty());
}

TEST(GilAnalysis, KnowsAHoldThatBeganBeforeTheRecording) {
  const Analysis analysis = whole(recording({thread("a", {{1100, 0, release}})}));
  EXPECT_EQ(analysis.failure, "");
  EXPECT_EQ(analysis.total().acquires, 0u);
  EXPECT_EQ(analysis.total().releases, 1u);
  EXPECT_EQ(analysis.total().held_ns(), 100);
}

TEST(GilAnalysis, KnowsAWaitThatBeganBeforeTheRecording) {
  const Analysis analysis =
      whole(recording({thread("a", {{1100, 0, timeout}, {1200, 0, acquire}, {1300, 0, release}})}));
  EXPECT_EQ(analysis.failure, "");
  EXPECT_EQ(analysis.total().wait_ns(), 200);
}

TEST(GilAnalysis, KnowsAYieldThatBeganBeforeTheRecording) {
  const Analysis analysis =
      whole(recording({thread("a", {{1100, 0, yield_end}, {1200, 0, acquire}, {1300, 0, release}})}));
  EXPECT_EQ(analysis.failure, "");
  EXPECT_EQ(analysis.total().forced_switches, 0u);
}

TEST(GilAnalysis, CutsWhatGoesOnAtTheEnd) {
  const Analysis analysis =
      whole(recording({thread("a", {{1900, 0, acquire}}), thread("b", {{1950, 0, wait}})}));
  EXPECT_EQ(analysis.failure, "");
  EXPECT_EQ(analysis.total().held_ns(), 100);
  EXPECT_EQ(analysis.total().wait_ns(), 50);
  EXPECT_EQ(analysis.total().releases, 0u);
}

TEST(GilAnalysis, CountsOnlyThePartWithinTheWindow) {
  const Analysis analysis = analyse(contended(), {1260, 1410});
  const GilUse all = analysis.total();
  EXPECT_EQ(analysis.failure, "");
  EXPECT_EQ(all.acquires, 1u);
  EXPECT_EQ(all.releases, 2u);
  EXPECT_EQ(all.switches, 1u);  // the holder before the window is known
  EXPECT_EQ(all.timeouts, 0u);
  EXPECT_EQ(all.held_ns(), 40 + 90);
  EXPECT_EQ(all.wait_ns(), 50 + 97);
}

TEST(GilAnalysis, LeavesOutThreadsThatDidNothingInTheWindow) {
  EXPECT_TRUE(analyse(contended(), {1600, 1700}).uses.empty());
  EXPECT_FALSE(analyse(contended(), {1600, 1700}).fairness().has_value());
}

TEST(GilAnalysis, KeepsSeveralGilsApart) {
  // One thread gives up one interpreter's GIL for another's, while a second thread holds the first.
  const Analysis analysis = whole(recording(
      {thread("a", {{1100, 0, acquire}, {1200, 0, release}, {1210, 7, acquire}, {1300, 7, release}}),
       thread("b", {{1205, 0, acquire}, {1400, 0, release}})}));
  EXPECT_EQ(analysis.failure, "");
  EXPECT_EQ(analysis.gils(), (std::vector<GilId>{0, 7}));
  EXPECT_EQ(analysis.of_gil(0).held_ns(), 100 + 195);
  EXPECT_EQ(analysis.of_gil(0).switches, 1u);
  EXPECT_EQ(analysis.of_gil(7).held_ns(), 90);
  EXPECT_EQ(analysis.of_gil(7).switches, 0u);
}

TEST(GilAnalysis, AcceptsAThreadThatHoldsTwoGilsNested) {
  const Analysis analysis = whole(recording(
      {thread("a", {{1100, 0, acquire}, {1200, 1, acquire}, {1300, 1, release}, {1400, 0, release}})}));
  EXPECT_EQ(analysis.failure, "");
  EXPECT_EQ(analysis.of_gil(0).held_ns(), 300);
  EXPECT_EQ(analysis.of_gil(1).held_ns(), 100);
}

TEST(GilAnalysis, AThreadWhoseEventsWereDroppedContradictsNobody) {
  // The first thread's release is lost: it must not be taken to hold until the end.
  const Analysis analysis =
      whole(recording({thread("a", {{1100, 0, acquire}, {1200, 0, release}, {1300, 0, acquire}}, 5),
                       thread("b", {{1400, 0, acquire}, {1500, 0, release}})}));
  EXPECT_EQ(analysis.failure, "");
  EXPECT_EQ(analysis.dropped_events, 5u);
  EXPECT_EQ(analysis.total().held_ns(), 200);
}

TEST(GilAnalysis, CountsEventsOfThreadsWithoutBufferAsDropped) {
  Recording lossy = recording({thread("a", {}, 2)});
  lossy.events_without_buffer = 3;
  EXPECT_EQ(whole(lossy).dropped_events, 5u);
}

TEST(GilAnalysis, AddsUpWhatNoNumberHolds) {
  constexpr std::int64_t kYears = 100'000'000'000'000'000;
  std::vector<ThreadEvents> threads;
  for (GilId gil = 0; gil < 100; ++gil) {
    threads.push_back(thread("long", {{0, gil, acquire}, {kYears, gil, release}}));
  }
  const Analysis analysis = whole({.begin_ns = 0, .end_ns = kYears, .threads = std::move(threads)});
  EXPECT_EQ(analysis.total().held_ns(), INT64_MAX);
  EXPECT_EQ(analysis.of_gil(1).held_ns(), kYears);
}

TEST(GilSelfCheck, FindsTwoHoldsAtOnce) {
  EXPECT_TRUE(fails_with(whole(recording({thread("a", {{1100, 0, acquire}, {1200, 0, release}}),
                                          thread("b", {{1199, 0, acquire}, {1300, 0, release}})})),
                         "\"a\" and \"b\" held GIL 0 at once, for 1 ns"));
}

TEST(GilSelfCheck, AllowsAnAcquireInTheNanosecondOfARelease) {
  EXPECT_EQ(whole(recording({thread("a", {{1100, 0, acquire}, {1200, 0, release}}),
                             thread("b", {{1200, 0, acquire}, {1300, 0, release}})}))
                .failure,
            "");
}

TEST(GilSelfCheck, FindsAMissingRelease) {
  EXPECT_TRUE(fails_with(whole(recording({thread("a", {{1100, 0, acquire}, {1200, 0, acquire}})})),
                         "\"a\" acquired twice"));
}

TEST(GilSelfCheck, FindsAMissingAcquire) {
  EXPECT_TRUE(fails_with(whole(recording({thread("a", {{1100, 0, release}, {1200, 0, release}})})),
                         "\"a\" released what it did not hold"));
}

TEST(GilSelfCheck, FindsAWaitWithoutAcquire) {
  EXPECT_TRUE(fails_with(whole(recording({thread("a", {{1100, 0, wait}, {1200, 0, release}})})),
                         "\"a\" ended a wait without an acquire"));
}

TEST(GilSelfCheck, FindsAWaitWhileHolding) {
  EXPECT_TRUE(fails_with(whole(recording({thread("a", {{1100, 0, acquire}, {1200, 0, wait}})})),
                         "\"a\" waited while it held"));
}

TEST(GilSelfCheck, FindsATimeoutWithoutWait) {
  EXPECT_TRUE(fails_with(
      whole(recording({thread("a", {{1100, 0, acquire}, {1200, 0, release}, {1300, 0, timeout}})})),
      "\"a\" timed out without having waited"));
}

TEST(GilSelfCheck, FindsAYieldWithoutRelease) {
  EXPECT_TRUE(fails_with(whole(recording({thread("a", {{1100, 0, acquire}, {1200, 0, yield}})})),
                         "\"a\" yielded without a release"));
}

TEST(GilSelfCheck, FindsTimeGoingBack) {
  EXPECT_TRUE(fails_with(whole(recording({thread("a", {{1200, 0, acquire}, {1100, 0, release}})})),
                         "\"a\" has an event before"));
}

TEST(GilSelfCheck, LooksAtTheWholeRecordingNotOnlyTheWindow) {
  const Recording bad = recording({thread("a", {{1100, 0, acquire}, {1200, 0, acquire}})});
  EXPECT_TRUE(fails_with(analyse(bad, {1500, 1600}), "acquired twice"));
}

TEST(GilFairness, IsOneOverNWhereOneHoldsAllTheTime) {
  const Analysis analysis =
      whole(recording({thread("greedy", {{1000, 0, acquire}}), thread("b", {{1001, 0, wait}}),
                       thread("c", {{1002, 0, wait}}), thread("d", {{1003, 0, wait}})}));
  EXPECT_EQ(analysis.failure, "");
  EXPECT_EQ(analysis.fairness(), 0.25);
}

TEST(GilSpans, SayWhichOfThemAreCut) {
  const ThreadSpans spans = spans_of(thread("a", {{1100, 0, release}, {1900, 0, acquire}}), 1000, 2000);
  EXPECT_EQ(spans.spans, (std::vector<Span>{{SpanKind::hold, 0, true, false, 1000, 1100},
                                            {SpanKind::hold, 0, false, true, 1900, 2000}}));
}

TEST(Percentile, IsTheNearestRank) {
  std::vector<std::int64_t> values(200);
  std::iota(values.rbegin(), values.rend(), 1);
  EXPECT_EQ(percentile(values, 50), 100);
  EXPECT_EQ(percentile(values, 99), 198);
  EXPECT_EQ(percentile(values, 99.9), 200);
  EXPECT_EQ(percentile(values, 100), 200);
  EXPECT_EQ(percentile(values, 0.1), 1);
  EXPECT_EQ(percentile({7}, 50), 7);
  EXPECT_FALSE(percentile({}, 50).has_value());
}

// A thread that a script has started for a moment has waited for that moment, and not for the whole window.
TEST(Presence, OfAThreadIsFromItsFirstEventToItsLast) {
  using enum EventKind;
  const Recording recording{
      .begin_ns = 0,
      .end_ns = 1000,
      .threads = {{.os_id = 1,
                   .name = "all",
                   .events = {{5, 0, acquire}, {400, 0, release}, {450, 0, wait}, {520, 0, acquire}}},
                  {.os_id = 2, .name = "short", .events = {{410, 0, acquire}, {430, 0, release}}},
                  {.os_id = 3, .name = "later", .events = {{950, 1, acquire}, {990, 1, release}}}}};
  EXPECT_EQ(analyse(recording, {0, 900}).present_ns, (900 - 5) + 20);
}

}  // namespace
}  // namespace harness::gil_trace::analysis_test
