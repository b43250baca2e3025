// harness/trace/clock_test.cpp: when the CPU's counter is trusted, and how its ticks become nanoseconds.
#include "harness/trace/clock.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <thread>

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

// First, so that no other has changed them.
TEST(Clock, LeavesTheThreadTheCpusThatItHad) {
  cpu_set_t before;
  cpu_set_t after;
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  choose_tick_source();
  ASSERT_EQ(sched_getaffinity(0, sizeof after, &after), 0);
  EXPECT_TRUE(CPU_EQUAL(&before, &after));
}

TEST(Clock, NeverGoesBack) {
  choose_tick_source();
  std::uint64_t last = now_ticks();
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t now = now_ticks();
    ASSERT_GE(now, last);
    last = now_ticks_and_cpu().ticks;
    ASSERT_GE(last, now);
  }
}

/// In a thread of its own, on each CPU that it may use, one after the other.
template <typename Check>
void on_each_cpu(const Check& check) {
  std::thread([&] {
    cpu_set_t had;
    ASSERT_EQ(sched_getaffinity(0, sizeof had, &had), 0);
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (!CPU_ISSET(static_cast<std::size_t>(cpu), &had)) continue;
      cpu_set_t one;
      CPU_ZERO(&one);
      CPU_SET(static_cast<std::size_t>(cpu), &one);
      ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
      check(static_cast<CpuNumber>(cpu));
    }
  }).join();
}

TEST(Clock, SaysTheCpuThatTheThreadIsOn) {
  choose_tick_source();
  on_each_cpu([](CpuNumber cpu) {
    EXPECT_EQ(now_ticks_and_cpu().cpu, cpu);
    EXPECT_EQ(this_cpu(), cpu);
  });
}

TEST(Clock, SaysTheCpuWithoutTheHelpOfAnInstructionOrOfRseq) {
  choose_tick_source();
  detail::tick_source = detail::TickSource::counter;
  on_each_cpu([](CpuNumber cpu) { EXPECT_EQ(now_ticks_and_cpu().cpu, cpu); });
  detail::rseq_offset = 0;
  on_each_cpu([](CpuNumber cpu) { EXPECT_EQ(now_ticks_and_cpu().cpu, cpu); });
  choose_tick_source();
}

TEST(CpuNumber, IsNotZeroWhereItIsUnknown) {
  EXPECT_EQ(detail::cpu_number(0), 0);
  EXPECT_EQ(detail::cpu_number(4095), 4095);
  EXPECT_EQ(detail::cpu_number(-1), kUnknownCpu);
  EXPECT_EQ(detail::cpu_number(kUnknownCpu), kUnknownCpu);
  EXPECT_EQ(detail::cpu_number(1 << 20), kUnknownCpu);
}

}  // namespace
}  // namespace harness::trace
