// harness/gil_trace/core_sharing_test.cpp: hand-written events of threads that meet on a core and part.
#include "harness/gil_trace/core_sharing.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace harness::gil_trace::core_sharing_test {
namespace {

using enum EventKind;

const CoreMap kCores(std::vector<std::vector<int>>{{0, 2}, {1, 3}});

ThreadEvents thread(const std::vector<std::pair<std::int64_t, trace::CpuNumber>>& seen) {
  ThreadEvents thread;
  for (const auto& [time_ns, cpu] : seen) thread.events.push_back({time_ns, 0, timeout, cpu});
  return thread;
}

SharedTime whole(std::vector<ThreadEvents> threads) {
  const Recording recording{.begin_ns = 0, .end_ns = 1000, .threads = std::move(threads)};
  return shared_time(recording, {0, 1000}, kCores).value();
}

TEST(SharedTime, IsFromWhereTwoThreadsMeetOnACoreToWhereTheyPart) {
  const SharedTime time =
      whole({thread({{100, 0}, {300, 1}, {900, 1}}), thread({{200, 3}, {500, 3}, {700, 2}, {800, 2}})});
  EXPECT_EQ(time.together_ns, 800 - 200);
  EXPECT_EQ(time.shared_ns, 700 - 300);
}

TEST(SharedTime, IsAllOfItOnOneCpu) {
  const SharedTime time = whole({thread({{100, 1}, {900, 1}}), thread({{200, 1}, {800, 1}})});
  EXPECT_EQ(time.together_ns, 600);
  EXPECT_EQ(time.shared_ns, 600);
}

TEST(SharedTime, IsTheTimeOfAnyTwoOfSeveral) {
  const SharedTime time = whole(
      {thread({{100, 0}, {900, 0}}), thread({{100, 1}, {400, 0}, {900, 0}}), thread({{100, 3}, {200, 3}})});
  EXPECT_EQ(time.together_ns, 800);
  EXPECT_EQ(time.shared_ns, (200 - 100) + (900 - 400));
}

TEST(SharedTime, IsNoneOfOneThreadOrOfThreadsThatWereNeverThereAtOnce) {
  EXPECT_EQ(whole({thread({{100, 0}, {900, 0}})}).together_ns, 0);
  const SharedTime time = whole({thread({{100, 0}, {300, 0}}), thread({{400, 0}, {900, 0}})});
  EXPECT_EQ(time.together_ns, 0);
  EXPECT_EQ(time.shared_ns, 0);
}

TEST(SharedTime, LeavesOutWhatIsNotInTheWindow) {
  const Recording recording{.begin_ns = 0,
                            .end_ns = 1000,
                            .threads = {thread({{100, 0}, {900, 0}, {950, 1}}),
                                        thread({{10, trace::kUnknownCpu}, {200, 0}, {800, 0}})}};
  EXPECT_EQ(shared_time(recording, {50, 700}, kCores)->shared_ns, 0);
  EXPECT_EQ(shared_time(recording, {50, 920}, kCores)->shared_ns, 600);
}

TEST(SharedTime, IsNotKnownWhereACpuIsNot) {
  const Recording recording{
      .begin_ns = 0,
      .end_ns = 1000,
      .threads = {thread({{100, 0}, {900, 0}}), thread({{200, trace::kUnknownCpu}, {800, 0}})}};
  EXPECT_FALSE(shared_time(recording, {0, 1000}, kCores).has_value());
  EXPECT_FALSE(shared_time(recording, {0, 1000}, CoreMap()).has_value());
}

}  // namespace
}  // namespace harness::gil_trace::core_sharing_test
