// harness/gil_trace/losses_test.cpp: a wait that the account misses, CPU time that it is charged with twice.
#include "harness/gil_trace/losses.h"

#include <gtest/gtest.h>

namespace harness::gil_trace {
namespace {

using enum EventKind;

TEST(GilLosses, AreTheWaitsOfEachThreadWithTheirPartOfItsCpuTime) {
  const Recording recording{
      .begin_ns = 0,
      .end_ns = 1000,
      .threads = {
          {.os_id = 7,
           .name = "team 0",
           .wait_cpu_ns = 40,
           .events = {{100, 1, wait},
                      {150, 1, timeout},
                      {200, 1, acquire},
                      {300, 1, release},
                      {400, 1, wait},
                      {700, 1, acquire},
                      {800, 1, release}}},
          {.os_id = 8, .name = "team 1", .events = {{0, 1, acquire}, {200, 1, release}}},
      }};
  const trace::Losses losses = losses_of(recording);
  EXPECT_EQ(losses.kinds, std::vector{trace::Loss::gil_wait});
  EXPECT_EQ(losses.incomplete, "");
  ASSERT_EQ(losses.threads.size(), 1U) << "who did not wait has lost nothing";
  EXPECT_EQ(losses.threads[0],
            (trace::ThreadLosses{
                7, {{trace::Loss::gil_wait, 100, 200, 10}, {trace::Loss::gil_wait, 400, 700, 30}}}));
}

TEST(GilLosses, AreIncompleteWhereEventsWereDropped) {
  Recording recording{
      .begin_ns = 0, .end_ns = 1000, .threads = {{.os_id = 7, .name = "team 0", .dropped = 3}}};
  EXPECT_EQ(losses_of(recording).incomplete, "3 events of the GIL were dropped");
}

}  // namespace
}  // namespace harness::gil_trace
