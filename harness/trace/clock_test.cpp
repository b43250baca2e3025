// harness/trace/clock_test.cpp: when the CPU's counter is trusted, and how its ticks become nanoseconds.
#include "harness/trace/clock.h"

#include <gtest/gtest.h>

namespace harness::trace {
namespace {

TEST(TickConversion, IsTheLineThroughBothAnchors) {
  const TickConversion conversion({.ticks = 1'000, .ns = 50'000}, {.ticks = 3'000, .ns = 51'000});
  EXPECT_EQ(conversion.to_ns(1'000), 50'000);
  EXPECT_EQ(conversion.to_ns(2'000), 50'500);
  EXPECT_EQ(conversion.to_ns(3'000), 51'000);
  EXPECT_EQ(conversion.to_ns(998), 49'999);
}

TEST(TickConversion, TakesNanosecondsForTicksWhereTheAnchorsAreOne) {
  const TickConversion conversion({.ticks = 7, .ns = 100}, {.ticks = 7, .ns = 100});
  EXPECT_EQ(conversion.to_ns(9), 102);
}

#if defined(__x86_64__)
TEST(CpuCounter, IsTrustedWhereTheKernelTrustsItAndItsPaceIsConstant) {
  EXPECT_TRUE(cpu_counter_is_trusted("tsc\n", "flags\t: fpu constant_tsc nonstop_tsc\n"));
  EXPECT_FALSE(cpu_counter_is_trusted("kvm-clock\n", "flags\t: fpu constant_tsc nonstop_tsc\n"));
  EXPECT_FALSE(cpu_counter_is_trusted("tsc\n", "flags\t: fpu nonstop_tsc\n"));
  EXPECT_FALSE(cpu_counter_is_trusted("tsc\n", "flags\t: fpu constant_tsc\n"));
  EXPECT_FALSE(cpu_counter_is_trusted("tsc\n", ""));
}
#endif

TEST(Clock, NeverGoesBack) {
  choose_tick_source();
  std::uint64_t last = now_ticks();
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t now = now_ticks();
    ASSERT_GE(now, last);
    last = now;
  }
}

}  // namespace
}  // namespace harness::trace
