// harness/tracer/trace_memory_test.cpp: lengths sorted into bins, and what a bin stands for.
#include "harness/tracer/trace_memory.h"

#include <gtest/gtest.h>

#include <cmath>

namespace harness::tracer {
namespace {

TEST(Histogram, TellsALengthToWithinItsBin) {
  for (const Ticks length :
       {Ticks{1}, Ticks{3}, Ticks{4}, Ticks{7}, Ticks{100}, Ticks{12'345}, Ticks{1} << 40, ~Ticks{0}}) {
    Histogram histogram{};
    histogram.add(length);
    const auto told = static_cast<double>(histogram.percentile(50));
    EXPECT_NEAR(told / static_cast<double>(length), 1, 0.15) << length;
  }
}

TEST(Histogram, TellsPercentiles) {
  Histogram histogram{};
  EXPECT_EQ(histogram.percentile(50), 0u) << "of none";
  for (int i = 0; i < 98; ++i) histogram.add(1000);
  histogram.add(1'000'000);
  histogram.add(1'000'000);
  EXPECT_NEAR(static_cast<double>(histogram.percentile(50)), 1000, 150);
  EXPECT_NEAR(static_cast<double>(histogram.percentile(99)), 1e6, 1.5e5);
  Histogram other{};
  for (int i = 0; i < 1000; ++i) other.add(10);
  other += histogram;
  EXPECT_NEAR(static_cast<double>(other.percentile(50)), 10, 2);
}

TEST(TraceMemory, HasRoomInTheLeastThatMayBeAskedFor) {
  EXPECT_LT(sizeof(TraceMemory), std::size_t{15} << 20);
}

}  // namespace
}  // namespace harness::tracer
