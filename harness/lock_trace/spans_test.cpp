// harness/lock_trace/spans_test.cpp: parks and bursts that are cut, joined or counted wrongly.
#include "harness/lock_trace/spans.h"

#include <gtest/gtest.h>

#include "harness/lock_trace/test_recordings.h"

namespace harness::lock_trace {
namespace {

using enum EventKind;

ThreadSpans spans(const std::vector<Event>& events, std::uint64_t dropped = 0) {
  ThreadEvents thread;
  thread.events = events;
  thread.dropped = dropped;
  return spans_of(thread, 0, 1000, test_wait);
}

TEST(Spans, AreABurstAndThePark) {
  const auto found = spans({{100, kDict, spin}, {140, 40, spin_end}, {150, kDict, park}, {400, 7, park_end}});
  EXPECT_FALSE(found.fault);
  ASSERT_EQ(found.spans.size(), 2U);
  EXPECT_EQ(found.spans[0].kind, SpanKind::spinning);
  EXPECT_EQ(found.spans[0].yields, 40U);
  EXPECT_EQ(found.spans[0].length_ns(), 40);
  EXPECT_EQ(found.spans[0].cpu_ns, 40);
  EXPECT_EQ(found.spans[1].kind, SpanKind::parked);
  EXPECT_EQ(found.spans[1].stack, kDict);
  EXPECT_EQ(found.spans[1].length_ns(), 250);
  EXPECT_EQ(found.spans[1].cpu_ns, 7);
}

TEST(Spans, OfAParkThatASignalCutsShortAreOne) {
  const auto found = spans({{100, kDict, park},
                            {200, 3, park_interrupted},
                            {210, kDict, park},
                            {400, 4, park_end},
                            {500, kDict, park},
                            {600, 0, park_end}});
  EXPECT_FALSE(found.fault);
  ASSERT_EQ(found.spans.size(), 2U);
  EXPECT_EQ(found.spans[0].length_ns(), 300);
  EXPECT_EQ(found.spans[0].cpu_ns, 7);
  EXPECT_EQ(found.spans[0].rounds, 2U);
}

TEST(Spans, OfRoundsAreOneOnlyWhereTheWorldIsStopped) {
  const auto rounds = [](StackNumber stack) {
    return spans({{100, stack, park}, {200, 0, park_timed_out}, {210, stack, park}, {300, 0, park_end}});
  };
  EXPECT_EQ(rounds(kRequest).spans.size(), 1U);
  EXPECT_EQ(rounds(kDict).spans.size(), 2U);  // lock.acquire(timeout=…), twice
}

TEST(Spans, ThatTheRecordingCutsEndWithIt) {
  const auto begun_before = spans({{300, 0, park_end}});
  EXPECT_FALSE(begun_before.fault);
  ASSERT_EQ(begun_before.spans.size(), 1U);
  EXPECT_TRUE(begun_before.spans[0].begin_is_cut);
  EXPECT_EQ(begun_before.spans[0].length_ns(), 300);
  const auto not_ended = spans({{300, kDict, park}});
  ASSERT_EQ(not_ended.spans.size(), 1U);
  EXPECT_TRUE(not_ended.spans[0].end_is_cut);
  EXPECT_EQ(not_ended.spans[0].length_ns(), 700);
  // Where events are missing it is not known how long it went on.
  EXPECT_EQ(spans({{300, kDict, park}}, 1).spans[0].length_ns(), 0);
}

// A yield lasts as long as another thread runs meanwhile, and uses no CPU time then.
TEST(Spans, OfABurstThatLetOthersRunUsedLessCpuTime) {
  const auto found =
      spans({{100'000, kDict, spin}, {190'000, 3, spin_end}, {110'000, 0, descheduled}, {200'000, 0, wake}});
  EXPECT_FALSE(found.fault);
  ASSERT_EQ(found.spans.size(), 1U);
  EXPECT_EQ(found.spans[0].length_ns(), 90'000);
  EXPECT_EQ(found.spans[0].cpu_ns, 11'000);
}

TEST(Spans, SayWhatCannotHaveHappened) {
  EXPECT_EQ(spans({{1, kDict, park}, {2, kDict, park}}).fault, "parked while it waited");
  EXPECT_EQ(spans({{1, kDict, park}, {2, kDict, spin}}).fault, "spun while it waited");
  EXPECT_EQ(spans({{1, kDict, park}, {2, kUnlock, wake}}).fault, "went on while it waited");
  EXPECT_EQ(spans({{1, 5, spin_end}}).fault, "ended a burst that had not begun");
  EXPECT_EQ(spans({{1, kDict, park}, {2, 0, park_end}, {3, 0, park_end}}).fault,
            "ended a park that had not begun");
  EXPECT_EQ(spans({{5, kDict, park}, {2, 0, park_end}}).fault, "went back in time");
  EXPECT_EQ(spans({{5, 0, descheduled}}).fault, "was descheduled out of a burst that it was not in");
}

}  // namespace
}  // namespace harness::lock_trace
