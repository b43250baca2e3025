// harness/tracer/shared_log_test.cpp: entries of several threads, a reader that is late, a writer that was
// killed.
#include "harness/tracer/shared_log.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <thread>
#include <vector>

namespace harness::tracer {
namespace {

using Log = SharedLog<int, 8>;

std::vector<int> drained(Log& log, bool is_last = false) {
  std::vector<int> entries;
  log.drain([&](int entry) { entries.push_back(entry); }, is_last);
  return entries;
}

TEST(SharedLog, GivesOutEachEntryOnceAndInOrder) {
  Log log{};
  log.add(1);
  log.add(2);
  EXPECT_EQ(drained(log), (std::vector{1, 2}));
  EXPECT_TRUE(drained(log).empty());
  for (int i = 0; i < 100; ++i) {
    log.add(i);
    EXPECT_EQ(drained(log), std::vector{i});
  }
  EXPECT_EQ(log.lost(), 0u);
}

TEST(SharedLog, CountsWhatFindsItFull) {
  Log log{};
  for (int i = 0; i < 10; ++i) log.add(i);
  EXPECT_EQ(drained(log), (std::vector{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(log.lost(), 2u);
  log.add(10);
  EXPECT_EQ(drained(log), std::vector{10});
}

TEST(SharedLog, LosesNothingOfManyThreadsThatItHasRoomFor) {
  const auto log = std::make_unique<SharedLog<int, 4096>>();
  constexpr int kThreads = 4;
  constexpr int kEach = 20'000;
  std::map<int, int> counts;
  std::uint64_t taken = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        for (int i = 0; i < kEach; ++i) log->add(thread);
      });
    }
    const auto take = [&](int entry) { ++counts[entry], ++taken; };
    while (taken + log->lost() < kThreads * kEach) log->drain(take);
  }
  EXPECT_EQ(taken + log->lost(), std::uint64_t{kThreads * kEach});
  EXPECT_GE(counts.size(), 1u);
}

}  // namespace
}  // namespace harness::tracer
