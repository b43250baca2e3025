// harness/run/account_observer_test.cpp: an account of what it does not apply to, or without a word why.
#include <gtest/gtest.h>

#include "harness/run/traces.h"

namespace harness {
namespace {

constexpr std::int64_t kMilli = 1'000'000;

struct NothingPrepared : Prepared {
  JobTime run_first() override { return {}; }
  JobTime run() override { return {}; }
  void stop() const override {}
};

/// A trace that has seen these losses.
struct SeenObserver : Observer {
  explicit SeenObserver(trace::Losses seen_losses) : seen(std::move(seen_losses)) {}
  void begin_repetition(const Experiment&) override {}
  void end(const JobTime&, const Prepared&) override {}
  Counters counters() const override { return {}; }
  trace::Losses losses() const override { return seen; }
  trace::Losses seen;
};

/// 10 ms of a team, each computing all the time, its clocks read.
JobTime team_job(int threads) {
  JobTime time{.begin_ns = 0, .end_ns = 10 * kMilli, .cpu_s = 0.010 * threads};
  time.team_size = threads;
  time.team_cpu_s = time.cpu_s;
  for (int member = 0; member < threads; ++member) {
    time.members.push_back(
        {.os_id = member + 1, .end_ns = 10 * kMilli, .cpu_ns = 10 * kMilli, .run_delay_ns = 0});
  }
  return time;
}

struct Told {
  Counters counters;
  std::string label;
};

Told told_of(int threads, const JobTime& time, trace::Losses seen = {}, Traits traits = {.accounted = true}) {
  Observers others;
  others.push_back(std::make_unique<SeenObserver>(std::move(seen)));
  const auto account = account_observer(others);
  account->begin_repetition(
      {.id = parse_row_id("sum/x/threads:2"), .traits = traits, .threads = threads, .prepare = {}});
  account->begin();
  account->end(time, NothingPrepared());
  return {account->counters(), account->label()};
}

/// One whose clocks were not read.
JobTime unread_job(int team_size) {
  JobTime time = team_job(2);
  time.members.clear();
  time.team_size = team_size;
  return time;
}

TEST(AccountObserver, TakesWhatOthersSaw) {
  JobTime time = team_job(2);
  time.members[0].cpu_ns = 6 * kMilli;
  time.cpu_s = time.team_cpu_s = 0.016;
  const Told told = told_of(2, time,
                            {.kinds = {trace::Loss::gil_wait},
                             .threads = {{1, {{trace::Loss::gil_wait, 2 * kMilli, 6 * kMilli}}}}});
  EXPECT_EQ(told.label, "");
  EXPECT_DOUBLE_EQ(told.counters.at("account_gil_wait"), 0.2);
  EXPECT_DOUBLE_EQ(told.counters.at("account_cpu"), 0.8);
}

TEST(AccountObserver, HasOfOneThreadItsCpuTimeOnly) {
  const Told told = told_of(1, team_job(1));
  EXPECT_EQ(told.counters, (Counters{{"account_cpu_ns", 10 * kMilli}}));
  EXPECT_EQ(told.label, "");
  EXPECT_EQ(told_of(1, unread_job(1)).label, "") << "there is nothing to say";
}

TEST(AccountObserver, SaysWhyThereIsNone) {
  EXPECT_EQ(told_of(2, unread_job(2)).label, "no account (an iteration takes less than 1 ms)");
  EXPECT_EQ(told_of(2, unread_job(0)).label, "no account (threads of its own)");
  EXPECT_EQ(told_of(4, team_job(2)).label, "no account (threads of its own)");
  const Told missing = told_of(2, team_job(2), {.incomplete = "the GIL is not traced"});
  EXPECT_EQ(missing.label, "no account (the GIL is not traced)");
  EXPECT_TRUE(missing.counters.empty());
}

TEST(AccountObserver, SaysThatACheckHasFailed) {
  JobTime time = team_job(2);
  time.members[0].cpu_ns = 20 * kMilli;
  const Told told = told_of(2, time);
  EXPECT_EQ(told.label, "account withheld: a thread is said to have used 20.0 ms of CPU time in 10.0 ms");
  EXPECT_TRUE(told.counters.empty());
}

TEST(AccountObserver, IsSilentOfRowsThatAreAboutSomethingElse) {
  const Told told = told_of(2, team_job(2), {}, Traits());
  EXPECT_TRUE(told.counters.empty());
  EXPECT_EQ(told.label, "");
}

}  // namespace
}  // namespace harness
