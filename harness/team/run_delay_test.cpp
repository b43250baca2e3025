// harness/team/run_delay_test.cpp: a thread that had no core and is said to have had one.
#include "harness/team/run_delay.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace harness {
namespace {

/// Leaves the calling thread the CPU that it is on, alone.
void stay_on(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(cpu), &set);
  sched_setaffinity(0, sizeof set, &set);
}

TEST(RunDelay, GrowsWhereTwoThreadsShareACore) {
  if (!run_delay_of_this_thread_ns()) GTEST_SKIP() << "Linux has no schedstat here";
  const int cpu = sched_getcpu();
  std::atomic<bool> other_runs{false}, done{false};
  std::thread other([&] {
    stay_on(cpu);
    other_runs = true;
    while (!done) {
    }
  });
  std::thread measured([&] {
    stay_on(cpu);
    while (!other_runs) std::this_thread::yield();
    const auto before_ns = run_delay_of_this_thread_ns();
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(60);
    while (std::chrono::steady_clock::now() < end) {
    }
    const auto after_ns = run_delay_of_this_thread_ns();
    done = true;
    ASSERT_TRUE(before_ns && after_ns);
    EXPECT_GE(*after_ns - *before_ns, 5'000'000) << "of 60 ms";
  });
  measured.join();
  other.join();
}

}  // namespace
}  // namespace harness
