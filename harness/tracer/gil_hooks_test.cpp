// harness/tracer/gil_hooks_test.cpp: what threads note of a GIL that is only told of, call by call.
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "harness/gil_trace/event.h"
#include "harness/gil_trace/hook.h"
#include "harness/lock_trace/watched_code.h"
#include "harness/tracer/hooks.h"
#include "harness/tracer/thread_slots.h"

namespace harness::tracer {
namespace {

using namespace gil_trace::detail;

/// As CPython has them in one structure.
struct GilConditions {
  pthread_cond_t cond;
  pthread_mutex_t mutex;
  pthread_cond_t switch_cond;
  pthread_mutex_t switch_mutex;
};

class GilHooks : public testing::Test {
 protected:
  void SetUp() override {
    shared_ = std::make_unique<std::byte[]>(sizeof(TraceMemory) + kRingBytes);
    memory = reinterpret_cast<TraceMemory*>(shared_.get());
    memory->settings.long_hold = 1;
    memory->settings.ticks_per_ns = 1;
    memory->settings.ring_events = 64;
    memory->settings.rings = 4;
    static const bool ready = make_slots_ready();
    ASSERT_TRUE(ready);
    forget_slot();
    const auto code = reinterpret_cast<std::uintptr_t>(kCaller);
    lock_trace::detail::watched_ranges.code = {code, code + 1};
  }
  void TearDown() override {
    memory = nullptr;
    forget_slot();
  }

  static void acquire(const GilConditions& gil) { on_signal(&gil.switch_cond, kCaller); }
  static void release(const GilConditions& gil) { on_signal(&gil.cond, kCaller); }
  static void wait(const GilConditions& gil) { on_wait(&gil.cond); }
  static void time_out(const GilConditions& gil) { on_wait_end(&gil.cond, true); }

  static ThreadSlot& thread(std::size_t at) { return memory->threads[at]; }
  static GilState& gil_state(std::size_t at) { return memory->gils[at]; }

  static constexpr const char* kCaller = "CPython's code";
  static constexpr std::size_t kRingBytes = 4 * 64 * sizeof(trace::TickEvent);
  std::unique_ptr<std::byte[]> shared_;
  GilConditions gil_{};
};

TEST_F(GilHooks, LearnAGilByItsFirstAcquire) {
  acquire(gil_);
  release(gil_);
  ASSERT_EQ(memory->gils_taken.load(), 1u);
  EXPECT_EQ(gil_state(0).cond.load(), &gil_.cond);
  EXPECT_EQ(thread(0).gils[0].acquires, 1u);
  EXPECT_EQ(thread(0).gils[0].releases, 1u);
  EXPECT_GT(thread(0).gils[0].held, 0u);
  EXPECT_EQ(gil_state(0).contradictions, 0u);
}

TEST_F(GilHooks, SeeNothingInConditionsOfOthers) {
  const GilConditions others{};
  on_signal(&others.cond, "somebody else's code");
  EXPECT_EQ(memory->gils_taken.load(), 0u);
  EXPECT_EQ(memory->threads_ever.load(), 0u);
}

TEST_F(GilHooks, CountAWaitOnceHoweverOftenItsTimeRunsOut) {
  acquire(gil_);
  std::thread([&] {
    wait(gil_);
    time_out(gil_);
    wait(gil_);
    time_out(gil_);
    wait(gil_);
  }).join();
  // As the other thread would have it.
  EXPECT_NE(gil_state(0).asked_at.load(), 0u);
  release(gil_);
  const ThreadSlot& waiter = thread(1);
  EXPECT_EQ(waiter.gils[0].timeouts, 2u);
  EXPECT_EQ(waiter.gils[0].waits, 0u) << "it goes on";
  EXPECT_EQ(waiter.waiting_gil, 1u);
  EXPECT_EQ(waiter.holder_at_wait, thread(0).number);
}

TEST_F(GilHooks, TellAHandOffAndItsWait) {
  acquire(gil_);
  std::jthread waiter([&] {
    wait(gil_);
    while (gil_state(0).released_at == 0) std::this_thread::yield();
    acquire(gil_);
    release(gil_);
  });
  while (thread(1).waiting_gil == 0) std::this_thread::yield();
  release(gil_);
  waiter.join();
  EXPECT_EQ(gil_state(0).switches, 1u);
  EXPECT_EQ(gil_state(0).handoffs, 1u);
  const ThreadSlot& other = thread(1);
  EXPECT_EQ(other.gils[0].waits, 1u);
  EXPECT_GT(other.gils[0].waited, 0u);
  EXPECT_EQ(other.longest_waits[0].holder, thread(0).number);
  EXPECT_EQ(other.state.load(), ThreadSlot::ended);
  EXPECT_GE(other.ended_at, other.began);
}

TEST_F(GilHooks, LogAHoldThatOutlastsARequest) {
  acquire(gil_);
  std::thread([&] {
    wait(gil_);
    time_out(gil_);
  }).join();
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
  thread(0).sampled_hold = gil_state(0).hold.load();
  thread(0).samples[0] = 7;
  release(gil_);
  int holds = 0;
  memory->long_holds.drain([&](const LongHold& hold) {
    ++holds;
    EXPECT_EQ(hold.thread, thread(0).number);
    EXPECT_EQ(hold.hold, 1u);
    EXPECT_EQ(hold.samples[0], 7u);
    EXPECT_LT(hold.length, thread(0).gils[0].held) << "since the other waited";
    EXPECT_GT(hold.length, 0u);
  });
  EXPECT_EQ(holds, 1);
  acquire(gil_);
  release(gil_);
  memory->long_holds.drain([&](const LongHold&) { ++holds; });
  EXPECT_EQ(holds, 1) << "nobody asked for the next";
}

TEST_F(GilHooks, SayThatTwoThreadsHeldItAtOnce) {
  acquire(gil_);
  std::thread([&] { acquire(gil_); }).join();
  EXPECT_EQ(gil_state(0).contradictions, 1u);
}

TEST_F(GilHooks, KeepTheLastEventsOfEachThread) {
  for (int i = 0; i < 50; ++i) {
    acquire(gil_);
    release(gil_);
  }
  const ThreadRecord record = record_of(*memory, thread(0));
  ASSERT_EQ(record.events.size(), 64u);
  EXPECT_EQ(record.events_left_out, 36u);
  EXPECT_EQ(record.events.back().kind, static_cast<std::uint16_t>(gil_trace::EventKind::release));
  for (std::size_t i = 1; i < record.events.size(); ++i) {
    EXPECT_GE(record.events[i].ticks, record.events[i - 1].ticks);
  }
}

TEST_F(GilHooks, TellSeveralGilsApartAndForgetThoseThatEnd) {
  GilConditions second{};
  acquire(gil_);
  release(gil_);
  acquire(second);
  release(second);
  ASSERT_EQ(memory->gils_taken.load(), 2u);
  EXPECT_EQ(thread(0).gils[1].acquires, 1u);
  forget_condition(&second.cond);
  // Another one at the same place is another one.
  acquire(second);
  EXPECT_EQ(memory->gils_ever.load(), 3u);
  EXPECT_EQ(gil_state(2).number, 3u);
}

TEST_F(GilHooks, AddUpTheGilsBeyondAThreadsFirst) {
  std::vector<GilConditions> gils(12);
  for (const GilConditions& gil : gils) acquire(gil), release(gil);
  std::uint64_t acquires = 0;
  for (const GilTotals& totals : thread(0).gils) acquires += totals.acquires;
  EXPECT_EQ(acquires, gils.size());
  EXPECT_EQ(thread(0).gils[0].gil, 1u);
  EXPECT_EQ(thread(0).gils.back().gil, kSeveralGils);
  EXPECT_EQ(thread(0).gils.back().acquires, 5u);
}

TEST_F(GilHooks, GiveAThreadThatHasEndedNoOthersSlot) {
  for (int i = 0; i < 3; ++i) std::thread([&] { acquire(gil_), release(gil_); }).join();
  EXPECT_EQ(memory->threads_ever.load(), 3u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(thread(i).state.load(), ThreadSlot::ended);
}

TEST_F(GilHooks, KeepTheSumsOfMoreThreadsThanHaveASlot) {
  constexpr std::uint64_t kThreads = kMostThreads + 100;
  for (std::uint64_t i = 0; i < kThreads; ++i) std::thread([&] { acquire(gil_), release(gil_); }).join();
  std::uint64_t threads = 0;
  std::uint64_t acquires = 0;
  for (const ThreadSlot& slot : memory->threads) {
    if (slot.state.load() == ThreadSlot::free) continue;
    threads += slot.threads_before + 1;
    acquires += slot.gils[0].acquires;
  }
  EXPECT_EQ(threads, kThreads);
  EXPECT_EQ(acquires, kThreads);
  EXPECT_EQ(memory->threads_ever.load(), kThreads);
  EXPECT_EQ(memory->events_lost.load(), 0u);
  EXPECT_EQ(gil_state(0).contradictions, 0u);
}

}  // namespace
}  // namespace harness::tracer
