// harness/gil_trace/recorder_test.cpp: which of a GIL's events the hook makes of each call.
//
// One process for all cases, and so one pool of small buffers: a test binary of its own.
#include "harness/gil_trace/recorder.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <thread>
#include <vector>

#include "harness/gil_trace/gil_table.h"
#include "harness/gil_trace/hook.h"

namespace harness::gil_trace {
namespace {

constexpr trace::BufferSizes kSizes{.threads = 8, .events_per_thread = 4096};

// A registered GIL that nobody signals: the hook is called directly.
class Recorder : public testing::Test {
 protected:
  void SetUp() override {
    reserve_buffers(kSizes);
    gil_ = register_gil({.cond = &cond_, .switch_cond = &switch_cond_}).value();
  }
  void TearDown() override { forget_gil(gil_); }

  void acquire() { detail::on_signal(&switch_cond_, nullptr); }
  void release() { detail::on_signal(&cond_, nullptr); }

  Recording record(const std::function<void()>& body) {
    start_recording();
    body();
    stop_recording();
    return collect_recording();
  }

  char cond_ = 0;
  char switch_cond_ = 0;
  GilId gil_ = 0;
  trace::CpuNumber cpu_ = 0;
};

std::vector<EventKind> kinds(const ThreadEvents& thread) {
  std::vector<EventKind> all;
  for (const Event& event : thread.events) all.push_back(event.kind);
  return all;
}

TEST_F(Recorder, KeepsEachKindOfEventInOrder) {
  const std::int64_t before_ns = trace::now_ns();
  const Recording recording = record([&] {
    detail::on_wait(&cond_);
    detail::on_wait_end(&cond_, true);
    acquire();
    release();
    detail::on_wait(&switch_cond_);
    detail::on_wait_end(&switch_cond_, false);
  });
  const std::int64_t after_ns = trace::now_ns();
  ASSERT_EQ(recording.threads.size(), 1u);
  const ThreadEvents& thread = recording.threads.front();
  using enum EventKind;
  EXPECT_EQ(kinds(thread),
            (std::vector{wait, timeout, EventKind::acquire, EventKind::release, yield, yield_end}));
  EXPECT_EQ(thread.os_id, gettid());
  EXPECT_TRUE(std::ranges::is_sorted(thread.events, {}, &Event::time_ns));
  constexpr std::int64_t kAnchorError_ns = 100'000;  // an anchor may be taken across an interrupt
  EXPECT_GE(thread.events.front().time_ns, before_ns - kAnchorError_ns);
  EXPECT_LE(thread.events.back().time_ns, after_ns + kAnchorError_ns);
}

TEST_F(Recorder, KeepsTheCpuOfEachEvent) {
  const Recording recording = record([&] {
    std::jthread([&] {
      const auto cpu = static_cast<std::size_t>(sched_getcpu());
      cpu_set_t one;
      CPU_ZERO(&one);
      CPU_SET(cpu, &one);
      sched_setaffinity(0, sizeof one, &one);
      acquire();
      release();
      detail::on_wait(&cond_);
      detail::on_wait_end(&cond_, true);
      cpu_ = static_cast<trace::CpuNumber>(cpu);
    });
  });
  const ThreadEvents& thread = recording.threads.at(0);
  ASSERT_EQ(thread.events.size(), 4u);
  for (const Event& event : thread.events) EXPECT_EQ(event.cpu, cpu_);
}

TEST_F(Recorder, TakesACallAfterATimeoutOrAnEarlyWakeUpForTheSameWait) {
  const Recording recording = record([&] {
    detail::on_wait(&cond_);
    detail::on_wait_end(&cond_, true);
    detail::on_wait(&cond_);
    detail::on_wait_end(&cond_, false);
    detail::on_wait(&cond_);
    detail::on_wait_end(&cond_, false);
    acquire();
    release();
    detail::on_wait(&cond_);
  });
  using enum EventKind;
  EXPECT_EQ(kinds(recording.threads.front()),
            (std::vector{wait, timeout, EventKind::acquire, EventKind::release, wait}));
}

TEST_F(Recorder, PassesOverConditionVariablesOfNoGil) {
  const Recording recording = record([&] {
    char stranger = 0;
    detail::on_signal(&stranger, nullptr);
    detail::on_wait(&stranger);
    detail::on_wait_end(&stranger, true);
  });
  EXPECT_TRUE(recording.threads.empty());
}

TEST_F(Recorder, StopsSeeingAForgottenGil) {
  forget_gil(gil_);
  EXPECT_TRUE(record([&] { acquire(); }).threads.empty());
}

TEST_F(Recorder, GivesNoGilTheNumberOfAnother) {
  forget_gil(gil_);
  const GilId next = register_gil({.cond = &cond_, .switch_cond = &switch_cond_}).value();
  EXPECT_NE(next, gil_);
  gil_ = next;
}

TEST_F(Recorder, TakesNoMoreGilsThanItHasRoomFor) {
  std::vector<char> conditions(2 * kMaxGils);
  std::vector<GilId> gils;
  for (std::size_t i = 0; i + 1 < kMaxGils; ++i) {
    gils.push_back(register_gil({&conditions[2 * i], &conditions[2 * i + 1]}).value());
  }
  EXPECT_FALSE(register_gil({&conditions[2 * kMaxGils - 2], &conditions[2 * kMaxGils - 1]}).has_value());
  EXPECT_EQ(record([&] { detail::on_signal(&conditions[2 * kMaxGils - 4], nullptr); }).threads.size(), 1u);
  for (const GilId gil : gils) forget_gil(gil);
}

// Interpreters come and go by the thousand, and their memory is given out again.
TEST_F(Recorder, FindsEachGilAmongThoseThatComeAndGo) {
  std::vector<char> conditions(4 * kMaxGils);
  std::vector<std::optional<GilId>> gils(kMaxGils - 1);
  const auto cond = [&](std::size_t i) { return &conditions[4 * i]; };
  for (std::size_t turn = 0; turn < 20; ++turn) {
    for (std::size_t i = turn % 3; i < gils.size(); i += 1 + turn % 5) {
      if (gils[i]) forget_gil(*gils[i]);
      gils[i].reset();
    }
    for (std::size_t i = turn % 2; i < gils.size(); i += 2) {
      if (!gils[i]) gils[i] = register_gil({cond(i), cond(i) + 1}).value();
    }
    for (std::size_t i = 0; i < gils.size(); ++i) {
      for (const char* const condition : {cond(i), cond(i) + 1}) {
        const detail::GilMatch found = detail::find_gil(condition);
        ASSERT_EQ(static_cast<bool>(found), gils[i].has_value()) << i;
        if (!found) continue;
        EXPECT_EQ(found.gil(), *gils[i]);
        EXPECT_EQ(found.is_switch_cond(), condition != cond(i));
      }
    }
  }
  for (const auto& gil : gils) {
    if (gil) forget_gil(*gil);
  }
  forget_gil(gil_);
  std::size_t used = 0;
  for (const detail::GilEntry& entry : detail::gil_table.entries) used += entry.condition != nullptr;
  EXPECT_EQ(used, 0u) << "entries that each search would have to pass";
}

}  // namespace
}  // namespace harness::gil_trace
