// harness/system/cpu_activity_test.cpp: whose time it was, out of made-up and real counters.
#include "harness/system/cpu_activity.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "harness/system/clock.h"

namespace harness {
namespace {

constexpr double kTicks = 100;

TEST(CpuActivity, ReadsTheSummaryLine) {
  const auto activity =
      parse_cpu_activity("cpu  1000 200 300 4000 500 60 70 80 999 999\ncpu0 1 1 1 1 1 1 1 1 1 1\n", kTicks);
  ASSERT_TRUE(activity);
  // guest and guest_nice, the last two, are already in user and nice.
  EXPECT_DOUBLE_EQ(activity->busy_s, 16.3);
  EXPECT_DOUBLE_EQ(activity->idle_s, 45);
  EXPECT_DOUBLE_EQ(activity->stolen_s, 0.8);
  EXPECT_DOUBLE_EQ(activity->own_s, 0);
}

TEST(CpuActivity, HasNothingForAShortOrOtherText) {
  EXPECT_FALSE(parse_cpu_activity("", kTicks));
  EXPECT_FALSE(parse_cpu_activity("cpu 1 2 3 4\n", kTicks));
  EXPECT_FALSE(parse_cpu_activity("cpu 1 2 3 4 5 six 7 8\n", kTicks));
  EXPECT_FALSE(parse_cpu_activity("cpu0 1 2 3 4 5 6 7 8\n", kTicks));
}

TEST(CpuActivity, TellsOthersFromThisProcess) {
  const CpuActivity before{.busy_s = 100, .idle_s = 200, .stolen_s = 10, .own_s = 50};
  const CpuActivity after{.busy_s = 106, .idle_s = 203, .stolen_s = 11, .own_s = 54};
  const auto shares = cpu_shares(before, after);
  ASSERT_TRUE(shares);
  EXPECT_DOUBLE_EQ(shares->machine_s, 10);
  EXPECT_DOUBLE_EQ(shares->others, 0.2);
  EXPECT_DOUBLE_EQ(shares->stolen, 0.1);
}

// The two counters do not tick together.
TEST(CpuActivity, IsNeverBelowZero) {
  const CpuActivity before{.busy_s = 100, .idle_s = 200};
  const CpuActivity after{.busy_s = 101, .idle_s = 201, .own_s = 1.004};
  const auto shares = cpu_shares(before, after);
  ASSERT_TRUE(shares);
  EXPECT_EQ(shares->others, 0);
}

TEST(CpuActivity, KnowsNothingWhenNoTickHasPassed) {
  EXPECT_FALSE(cpu_shares({}, {}));
}

TEST(CpuActivity, ReadsThisMachine) {
  const auto now = CpuActivity::now();
  ASSERT_TRUE(now);
  EXPECT_GT(now->busy_s + now->idle_s, 0);
  EXPECT_GT(now->own_s, 0);
}

/// A child that uses the CPU for `seconds` and then waits until it is killed.
pid_t start_busy_child(double seconds) {
  const pid_t child = fork();
  if (child != 0) return child;
  while (static_cast<double>(read_ns(CLOCK_PROCESS_CPUTIME_ID)) * 1e-9 < seconds) {
  }
  for (;;) pause();
}

double own_s() {
  return CpuActivity::now().value_or(CpuActivity{}).own_s;
}

TEST(CpuActivity, HasTheTimeOfChildrenAsItsOwn) {
  if (!CpuActivity::now()) GTEST_SKIP() << "there is no /proc/stat";
  constexpr double kBusy_s = 0.2;
  const double before_s = own_s();
  const pid_t child = start_busy_child(kBusy_s);
  for (int i = 0; own_s() < before_s + kBusy_s / 2 && i < 2'000; ++i) {  // while it runs
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_GE(own_s(), before_s + kBusy_s / 2);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_GE(own_s(), before_s + kBusy_s / 2);  // and when it has ended
}

}  // namespace
}  // namespace harness
