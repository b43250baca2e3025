// harness/run/stops_test.cpp: a row whose time is not only its own.
#include "harness/run/stops.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

TEST(RemarkOfStops, SaysWhatStoodStillMeanwhile) {
  const Stops before{.continued = 2, .suspended_ns = 5'000'000'000};
  EXPECT_EQ(remark_of(before, before), "");
  EXPECT_EQ(remark_of(before, {.continued = 3, .suspended_ns = 5'000'000'000}),
            "the process was stopped meanwhile: the time is too long");
  EXPECT_EQ(remark_of(before, {.continued = 2, .suspended_ns = 5'000'400'000}), "");  // of reading two clocks
  EXPECT_EQ(remark_of(before, {.continued = 2, .suspended_ns = 9'000'000'000}),
            "the machine slept meanwhile: the caches were empty afterwards");
}

}  // namespace
}  // namespace harness
