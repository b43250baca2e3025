// harness/run/account_test.cpp: time that is counted twice or not at all, and numbers that cannot be true.
#include "harness/run/account.h"

#include <gtest/gtest.h>

#include <cmath>

namespace harness {
namespace {

using trace::Loss;
using trace::Losses;

constexpr std::int64_t kMs = 1'000'000;

/// From 10 to 20 ms. What is not said: a member that computed all the time.
MemberTime member(std::int64_t os_id, std::int64_t end_ms = 20, std::int64_t cpu_ms = 10) {
  return {.os_id = os_id, .end_ns = end_ms * kMs, .cpu_ns = cpu_ms * kMs, .run_delay_ns = 0};
}

/// The process used no more CPU time than the members.
JobTime job(std::vector<MemberTime> members) {
  JobTime time{.begin_ns = 10 * kMs, .end_ns = 20 * kMs, .cpu_s = 0};
  for (const MemberTime& each : members) time.cpu_s += static_cast<double>(each.cpu_ns) * 1e-9;
  time.team_cpu_s = time.cpu_s;
  time.team_size = static_cast<int>(members.size());
  time.members = std::move(members);
  return time;
}

trace::LossSpan span(Loss loss, double begin_ms, double end_ms, double cpu_ms = 0) {
  const auto ns = [](double ms) { return static_cast<std::int64_t>(std::lround(ms * 1e6)); };
  return {.loss = loss, .begin_ns = ns(begin_ms), .end_ns = ns(end_ms), .cpu_ns = ns(cpu_ms)};
}

Counters counters_of(const JobTime& time, const std::vector<Losses>& losses = {}) {
  RowAccount account;
  account.add(account_of(time, losses));
  EXPECT_EQ(account.fault(), "");
  return account.counters();
}

std::string fault_of(const JobTime& time, const std::vector<Losses>& losses = {}) {
  RowAccount account;
  account.add(account_of(time, losses));
  EXPECT_TRUE(account.fault().empty() || account.counters().empty()) << "an account that cannot be true";
  return account.fault();
}

double sum_of_parts(const Counters& counters) {
  double sum = 0;
  for (const auto& [name, value] : counters) {
    if (name != "account_cpu_ns" && name != "account_other_threads") sum += value;
  }
  return sum;
}

TEST(Account, OfThreadsThatComputeAllTheTimeIsCpuTime) {
  const Counters counters = counters_of(job({member(1), member(2)}));
  EXPECT_DOUBLE_EQ(counters.at("account_cpu"), 1);
  EXPECT_DOUBLE_EQ(counters.at("account_cpu_ns"), 20 * kMs);
  EXPECT_DOUBLE_EQ(counters.at("account_idle"), 0);
  EXPECT_FALSE(counters.contains("account_other_threads"));
}

TEST(Account, CutsEachMembersTimeIntoPartsThatAddUp) {
  // One member waits for the GIL for 2 ms, with a part of its CPU time, and for a lock for 1 ms; then 0.5 ms
  // without a core and 1.5 ms asleep. The other is done at 15 ms.
  MemberTime first = member(1, 20, 5);
  first.run_delay_ns = 500'000;
  const Losses gil{.kinds = {Loss::gil_wait}, .threads = {{1, {span(Loss::gil_wait, 12, 14, 0.2)}}}};
  const Losses locks{.kinds = {Loss::lock_wait, Loss::lock_spin},
                     .threads = {{1, {span(Loss::lock_wait, 16, 17)}}}};
  const Counters counters = counters_of(job({first, member(2, 15, 5)}), {gil, locks});
  EXPECT_DOUBLE_EQ(counters.at("account_gil_wait"), 0.1);
  EXPECT_DOUBLE_EQ(counters.at("account_lock_wait"), 0.05);
  EXPECT_DOUBLE_EQ(counters.at("account_lock_spin"), 0);
  EXPECT_DOUBLE_EQ(counters.at("account_idle"), 0.25);
  EXPECT_DOUBLE_EQ(counters.at("account_cpu"), (5 - 0.2 + 5) / 20);
  EXPECT_DOUBLE_EQ(counters.at("account_not_scheduled"), 0.5 / 20);
  EXPECT_DOUBLE_EQ(counters.at("account_blocked"), (10 - 2 - 1 - 4.8 - 0.5) / 20);
  EXPECT_DOUBLE_EQ(sum_of_parts(counters), 1);
}

TEST(Account, ShowsNoKindOfLossThatNobodyWouldHaveSeen) {
  const Counters counters = counters_of(job({member(1), member(2)}), {{.kinds = {Loss::gil_wait}}, {}});
  EXPECT_TRUE(counters.contains("account_gil_wait"));
  EXPECT_FALSE(counters.contains("account_lock_wait"));
  EXPECT_FALSE(counters.contains("account_world_stopped"));
}

TEST(Account, ShowsNoKindOfLossOfWorkersThatAreInOtherProcesses) {
  JobTime elsewhere = job({member(1), member(2)});
  elsewhere.workers.emplace();
  const Counters counters =
      counters_of(elsewhere, {{.kinds = {Loss::gil_wait, Loss::lock_wait}, .threads = {}}});
  EXPECT_TRUE(counters.contains("account_cpu"));
  EXPECT_FALSE(counters.contains("account_gil_wait"));
  EXPECT_FALSE(counters.contains("account_lock_wait"));
}

TEST(Account, CountsOfASpanWhatIsWithinTheMembersPart) {
  // The window begins at 10 ms, the member ends at 18: of 4 ms and of 6 ms 2 are within, and as much of the
  // CPU time.
  const Losses losses{.kinds = {Loss::gil_wait},
                      .threads = {{1,
                                   {span(Loss::gil_wait, 5, 8, 3), span(Loss::gil_wait, 8, 12, 2),
                                    span(Loss::gil_wait, 16, 22, 3)}},
                                  {3, {span(Loss::gil_wait, 10, 20)}}}};
  const Counters counters = counters_of(job({member(1, 18, 6), member(2)}), {losses});
  EXPECT_DOUBLE_EQ(counters.at("account_gil_wait"), 4.0 / 20) << "a thread that is no member has none";
  EXPECT_DOUBLE_EQ(counters.at("account_cpu"), (6 - 1 - 1 + 10) / 20.0);
}

TEST(Account, TakesNoCpuTimeOfWhatCameBeforeTheClocksOfAWorker) {
  // It waits for 4 ms with 3 ms of CPU time, half of them before its slice and its clocks began.
  MemberTime late = member(1, 20, 5);
  late.begin_ns = 13 * kMs;
  const Losses losses{
      .kinds = {Loss::gil_wait},
      .threads = {{1, {span(Loss::gil_wait, 10.5, 11, 0.5), span(Loss::gil_wait, 11, 15, 3)}}}};
  const Counters counters = counters_of(job({late}), {losses});
  EXPECT_DOUBLE_EQ(counters.at("account_gil_wait"), 0.45);
  EXPECT_DOUBLE_EQ(counters.at("account_cpu"), (5 - 1.5) / 10);
}

TEST(Account, HasOneTermForNoCoreAndBlockedWhereLinuxDoesNotSay) {
  MemberTime silent = member(1, 20, 4), other = member(2, 20, 4);
  silent.run_delay_ns.reset();
  other.run_delay_ns = 5 * kMs;
  const Counters counters = counters_of(job({silent, other}));
  EXPECT_FALSE(counters.contains("account_not_scheduled"));
  EXPECT_DOUBLE_EQ(counters.at("account_blocked"), 0.6);
}

TEST(Account, NeverSaysThatAThreadHadNoCoreForLongerThanItDidNothing) {
  MemberTime late = member(1, 20, 9);
  late.run_delay_ns = 5 * kMs;  // most of it within a wait, or before the start
  EXPECT_DOUBLE_EQ(counters_of(job({late, member(2)})).at("account_not_scheduled"), 0.05);
}

TEST(Account, AddsUpJobsByTheirLength) {
  RowAccount account;
  account.add(account_of(job({member(1), member(2, 15, 5)}), {}));
  JobTime longer = job({member(1, 40, 30), member(2, 40, 30)});
  longer.end_ns = 40 * kMs;
  account.add(account_of(longer, {}));
  EXPECT_EQ(account.jobs(), 2U);
  EXPECT_DOUBLE_EQ(account.counters().at("account_idle"), 5.0 / 80);
  EXPECT_DOUBLE_EQ(account.counters().at("account_cpu_ns"), 75 * kMs / 2.0);
}

TEST(Account, IsWithheldWhereSpansOfAThreadOverlap) {
  const Losses gil{.threads = {{1, {span(Loss::gil_wait, 12, 14)}}}};
  const auto with_lock_at = [&](double begin_ms) {
    return fault_of(job({member(1, 20, 5), member(2)}),
                    {gil, {.threads = {{1, {span(Loss::lock_wait, begin_ms, 15)}}}}});
  };
  EXPECT_EQ(with_lock_at(13.5), "two spans of a thread overlap by 500 µs");
  EXPECT_EQ(with_lock_at(14), "");
  EXPECT_EQ(with_lock_at(13.9995), "") << "clocks are that far apart";
}

TEST(Account, IsWithheldWhereAThreadUsedMoreCpuTimeThanItHad) {
  EXPECT_EQ(fault_of(job({member(1, 15, 6), member(2)})),
            "a thread is said to have used 6.00 ms of CPU time in 5.00 ms");
  const Losses wait{.threads = {{1, {span(Loss::gil_wait, 12, 16)}}}};
  EXPECT_EQ(fault_of(job({member(1), member(2)}), {wait}),
            "a thread is said to have used 10.0 ms of CPU time in 6.00 ms");
  const Losses busy{.threads = {{1, {span(Loss::lock_spin, 12, 16, 3)}}}};
  EXPECT_EQ(fault_of(job({member(1, 20, 1), member(2)}), {busy}),
            "a thread is said to have used -2.00 ms of CPU time in 6.00 ms");
}

// A yield that took long let others run, or the hypervisor took the time and the thread's clock went on.
TEST(Account, GivesABurstTheCpuTimeThatTheRestCannotHave) {
  const auto with = [](std::int64_t unsure_ms) {
    trace::LossSpan burst = span(Loss::lock_spin, 12, 16, 1);
    burst.cpu_unsure_ns = unsure_ms * kMs;
    return std::vector<Losses>{{.kinds = {Loss::lock_spin}, .threads = {{1, {burst}}}}};
  };
  const JobTime time = job({member(1, 20, 9), member(2)});
  EXPECT_EQ(fault_of(time, with(1)), "a thread is said to have used 7.00 ms of CPU time in 6.00 ms");
  const Counters counters = counters_of(time, with(3));
  EXPECT_DOUBLE_EQ(counters.at("account_cpu"), 0.8) << "6 ms of 10, and all of the other's";
  EXPECT_DOUBLE_EQ(counters.at("account_lock_spin"), 0.2);
  EXPECT_DOUBLE_EQ(sum_of_parts(counters), 1);
}

TEST(Account, IsNoneWhereATraceHasNotSeenAll) {
  const Losses dropped{.kinds = {Loss::gil_wait}, .incomplete = "3 events of the GIL were dropped"};
  RowAccount account;
  account.add(account_of(job({member(1), member(2)}), {{}, dropped}));
  EXPECT_EQ(account.missing(), "3 events of the GIL were dropped");
  EXPECT_EQ(account.fault(), "");
  EXPECT_TRUE(account.counters().empty());
}

TEST(Account, SaysWhatOtherThreadsHadBeyondTwoPercent) {
  JobTime time = job({member(1), member(2)});
  time.cpu_s = time.team_cpu_s * 1.015;
  EXPECT_FALSE(counters_of(time).contains("account_other_threads"));
  time.cpu_s = time.team_cpu_s * 1.5;
  const Counters counters = counters_of(time);
  EXPECT_NEAR(counters.at("account_other_threads"), 0.5, 1e-9);
  EXPECT_DOUBLE_EQ(sum_of_parts(counters), 1);
}

TEST(Account, IsWithheldWhereMembersUsedMoreThanTheProcess) {
  JobTime time = job({member(1), member(2)});
  time.cpu_s = time.team_cpu_s / 1.5;
  EXPECT_EQ(fault_of(time), "its threads are said to have used 50.0 % more CPU time than the process");
}

TEST(Account, HasNothingToSayOfNoJobs) {
  EXPECT_TRUE(RowAccount().counters().empty());
}

}  // namespace
}  // namespace harness
