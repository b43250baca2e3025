// harness/team/run_delay_test.cpp: a thread that had no core and is said to have had one.
#include "harness/team/run_delay.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <fstream>
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

/// The second number of the calling thread's schedstat, as any reader finds it.
std::int64_t second_number_ns() {
  std::ifstream file("/proc/thread-self/schedstat");
  std::int64_t ran_ns = 0, waited_ns = -1;
  file >> ran_ns >> waited_ns;
  return waited_ns;
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
    const auto patience_ends = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    auto after_ns = before_ns;
    while (after_ns == before_ns && std::chrono::steady_clock::now() < patience_ends) {
      after_ns = run_delay_of_this_thread_ns();
    }
    const std::int64_t least_ns = second_number_ns();
    const auto between_ns = run_delay_of_this_thread_ns();
    const std::int64_t most_ns = second_number_ns();
    done = true;
    ASSERT_TRUE(before_ns && after_ns && between_ns);
    EXPECT_GT(*after_ns, *before_ns);
    EXPECT_GE(*between_ns, least_ns);
    EXPECT_LE(*between_ns, most_ns);
  });
  measured.join();
  other.join();
}

}  // namespace
}  // namespace harness
