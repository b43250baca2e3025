// harness/run/settle_test.cpp: how long an experiment is run before it is timed.
#include "harness/run/settle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace harness {
namespace {

/// Takes as long as it is told to: the n-th run since the flush `time_ns(n)`.
class Scripted : public Prepared {
 public:
  Scripted(bool can_be_flushed, std::function<std::int64_t(int)> time_ns)
      : can_be_flushed_(can_be_flushed), time_ns_(std::move(time_ns)) {}

  JobTime run_first() override { return {}; }
  bool flush() override {
    runs = 0;
    return can_be_flushed_;
  }
  JobTime run() override { return {.begin_ns = 0, .end_ns = time_ns_(runs++), .cpu_s = 0}; }
  void stop() const override {}

  int runs = -1;  ///< since the flush; -1 before it

 private:
  const bool can_be_flushed_;
  const std::function<std::int64_t(int)> time_ns_;
};

bool never() {
  return false;
}

TEST(Settle, RunsNothingOfWhatCannotBeFlushed) {
  Scripted script(false, [](int) { return 100; });
  settle(script, never);
  EXPECT_EQ(script.runs, 0);
}

TEST(Settle, EndsWhenEightRunsHaveGainedNothing) {
  Scripted steady(true, [](int) { return 100; });
  settle(steady, never);
  EXPECT_EQ(steady.runs, 1 + 8);
  Scripted gains_for_twenty(true, [](int run) { return 100 - std::min(run, 19); });
  settle(gains_for_twenty, never);
  EXPECT_EQ(gains_for_twenty.runs, 20 + 8);
}

TEST(Settle, EndsThoughTheGainsDoNot) {
  Scripted endless(true, [](int run) { return 1000 - run; });
  settle(endless, never);
  EXPECT_EQ(endless.runs, 64);
}

TEST(Settle, BeginsAnewAtEachCall) {
  Scripted slower_later(true, [calls = 0](int) mutable { return ++calls <= 9 ? 100 : 200; });
  settle(slower_later, never);
  settle(slower_later, never);
  EXPECT_EQ(slower_later.runs, 1 + 8);
}

TEST(Settle, EndsWhenInterrupted) {
  Scripted script(true, [](int run) { return 1000 - run; });
  settle(script, [&] { return script.runs == 3; });
  EXPECT_EQ(script.runs, 3);
}

}  // namespace
}  // namespace harness
