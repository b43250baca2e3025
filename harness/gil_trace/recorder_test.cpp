// harness/gil_trace/recorder_test.cpp: what the hook is told is what is collected, or counted as dropped.
//
// One process for all cases, and so one pool of small buffers: a test binary of its own.
#include "harness/gil_trace/recorder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <barrier>
#include <functional>
#include <thread>
#include <vector>

#include "harness/gil_trace/gil_table.h"
#include "harness/gil_trace/hook.h"

namespace harness::gil_trace {
namespace {

constexpr BufferSizes kSizes{.threads = 8, .events_per_thread = 4096};

// A registered GIL that nobody signals: the hook is called directly.
class Recorder : public testing::Test {
 protected:
  void SetUp() override {
    reserve_buffers(kSizes);
    gil_ = register_gil({.cond = &cond_, .switch_cond = &switch_cond_}).value();
  }
  void TearDown() override { forget_gil(gil_); }

  void acquire() { detail::on_signal(&switch_cond_); }
  void release() { detail::on_signal(&cond_); }

  Recording record(const std::function<void()>& body) {
    start_recording();
    body();
    stop_recording();
    return collect_recording();
  }

  char cond_ = 0;
  char switch_cond_ = 0;
  GilId gil_ = 0;
};

void in_another_thread(const std::function<void()>& body) {
  std::thread(body).join();
}

std::vector<EventKind> kinds(const ThreadEvents& thread) {
  std::vector<EventKind> all;
  for (const Event& event : thread.events) all.push_back(event.kind);
  return all;
}

TEST_F(Recorder, KeepsEachKindOfEventInOrder) {
  const std::int64_t before_ns = now_ns();
  const Recording recording = record([&] {
    detail::on_wait(&cond_);
    detail::on_wait_end(&cond_, true);
    acquire();
    release();
    detail::on_wait(&switch_cond_);
    detail::on_wait_end(&switch_cond_, false);
  });
  const std::int64_t after_ns = now_ns();
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
    detail::on_signal(&stranger);
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
  EXPECT_EQ(record([&] { detail::on_signal(&conditions[2 * kMaxGils - 4]); }).threads.size(), 1u);
  for (const GilId gil : gils) forget_gil(gil);
}

TEST_F(Recorder, CountsEventsDroppedWhenFull) {
  const Recording recording = record([&] {
    for (int pair = 0; pair < 3000; ++pair) {
      acquire();
      release();
    }
  });
  ASSERT_EQ(recording.threads.size(), 1u);
  EXPECT_EQ(recording.threads.front().events.size(), 4096u);
  EXPECT_EQ(recording.threads.front().dropped, 6000u - 4096u);
  EXPECT_EQ(recording.dropped_events(), 6000u - 4096u);
}

TEST_F(Recorder, BeginsEachRecordingEmpty) {
  record([&] { acquire(); });
  EXPECT_EQ(record([&] { release(); }).threads.front().events.size(), 1u);
  EXPECT_TRUE(record([] {}).threads.empty());
}

TEST_F(Recorder, KeepsTheEventsOfManyThreadsApart) {
  constexpr int kThreads = 6;
  const Recording recording = record([&] {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        for (int pair = 0; pair <= 100 * i; ++pair) {
          acquire();
          release();
        }
      });
    }
  });
  std::vector<std::size_t> sizes;
  for (const ThreadEvents& thread : recording.threads) sizes.push_back(thread.events.size());
  std::ranges::sort(sizes);
  EXPECT_EQ(sizes, (std::vector<std::size_t>{2, 202, 402, 602, 802, 1002}));
  EXPECT_EQ(recording.dropped_events(), 0u);
}

TEST_F(Recorder, CountsThreadsThatFindNoBuffer) {
  constexpr int kThreads = 12;
  std::barrier all_have_recorded(kThreads);
  const Recording recording = record([&] {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        acquire();
        release();
        all_have_recorded.arrive_and_wait();
      });
    }
  });
  const std::size_t kept = recording.threads.size();
  EXPECT_LE(kept, kSizes.threads);
  EXPECT_EQ(recording.threads_without_buffer, kThreads - kept);
  EXPECT_EQ(recording.events_without_buffer, 2 * (kThreads - kept));
}

TEST_F(Recorder, KeepsWhatAThreadRecordedBeforeItEnded) {
  const Recording recording = record([&] {
    for (int i = 0; i < 3; ++i) in_another_thread([&] { acquire(); });
  });
  EXPECT_EQ(recording.threads.size(), 3u);
}

TEST_F(Recorder, ReusesTheBuffersOfEndedThreadsInLaterRecordings) {
  for (int round = 0; round < 10; ++round) {
    const Recording recording = record([&] {
      for (int i = 0; i < 5; ++i) in_another_thread([&] { acquire(); });
    });
    EXPECT_EQ(recording.threads.size(), 5u) << "round " << round;
    EXPECT_EQ(recording.dropped_events(), 0u) << "round " << round;
  }
}

TEST_F(Recorder, CallsThreadsByTheirNames) {
  const Recording recording = record([&] {
    in_another_thread([&] {
      name_this_thread("team 0");
      acquire();
    });
    in_another_thread([&] { acquire(); });
  });
  ASSERT_EQ(recording.threads.size(), 2u);
  std::vector<std::string> names{recording.threads[0].name, recording.threads[1].name};
  const auto named = std::ranges::find(names, "team 0");
  ASSERT_NE(named, names.end());
  names.erase(named);
  EXPECT_TRUE(names.front().starts_with("thread ")) << names.front();
}

TEST_F(Recorder, CutsALongName) {
  const Recording recording = record([&] {
    in_another_thread([&] {
      name_this_thread("a name that is far too long to be kept whole");
      acquire();
    });
  });
  EXPECT_EQ(recording.threads.front().name, "a name that is far too long to ");
}

}  // namespace
}  // namespace harness::gil_trace
