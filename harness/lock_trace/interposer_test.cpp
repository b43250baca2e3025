// harness/lock_trace/interposer_test.cpp: an imitation of a parking lot is seen, and all of its calls.
#include "harness/lock_trace/interposer.h"

#include <errno.h>
#include <gnu/libc-version.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <semaphore.h>
#include <time.h>

#include <atomic>
#include <functional>
#include <thread>

#include "harness/lock_trace/analysis.h"
#include "harness/lock_trace/recorder.h"
#include "harness/lock_trace/watched_code.h"

namespace harness::lock_trace {
namespace {

constexpr int kSpins = 40;

/// PyMutex and the parking lot of CPython's Python/lock.c and Python/parking_lot.c, in outline, for one
/// waiter.
class ImitationMutex {
 public:
  void lock() {
    for (int i = 0; i < kSpins; ++i) {
      if (!locked_.exchange(true)) return;
      sched_yield();
    }
    while (locked_.exchange(true)) {
      parked_ = true;
      sem_wait(&semaphore_);
    }
  }
  void unlock() {
    locked_ = false;
    if (parked_.exchange(false)) sem_post(&semaphore_);
  }
  bool has_parked() const { return parked_; }

  ImitationMutex() { sem_init(&semaphore_, 0, 0); }
  ~ImitationMutex() { sem_destroy(&semaphore_); }
  ImitationMutex(const ImitationMutex&) = delete;
  ImitationMutex& operator=(const ImitationMutex&) = delete;

 private:
  std::atomic<bool> locked_{false};
  std::atomic<bool> parked_{false};
  sem_t semaphore_;
};

class LockInterposer : public testing::Test {
 protected:
  void SetUp() override {
    if (!kInterposerIsBuiltIn) GTEST_SKIP() << "ThreadSanitizer has the functions";
    reserve_buffers();
    // Its own code: that of any function of this test.
    ASSERT_FALSE(
        watch_code_of({.any = reinterpret_cast<const void*>(static_cast<bool (*)()>(hook_self_test))})
            .file.empty());
  }

  static Recording record(const std::function<void()>& body) {
    start_recording();
    body();
    stop_recording();
    return collect_recording();
  }

  static Analysis analysed(const Recording& recording) {
    static const Site kAny{.wait = {WaitKind::lock, "a lock", ""}};
    return analyse(recording, {recording.begin_ns, recording.end_ns},
                   [](StackNumber) -> const Site& { return kAny; });
  }
};

TEST_F(LockInterposer, IsFoundByTheSelfTest) {
  EXPECT_TRUE(hook_self_test());
}

TEST_F(LockInterposer, SeesFortyYieldsAndOnePark) {
  const Recording recording = record([] {
    ImitationMutex mutex;
    mutex.lock();
    std::jthread waiter([&] {
      mutex.lock();
      mutex.unlock();
    });
    while (!mutex.has_parked()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    mutex.unlock();
  });
  const Analysis analysis = analysed(recording);
  EXPECT_EQ(analysis.failure, "");
  EXPECT_EQ(analysis.lock_yields, static_cast<std::uint64_t>(kSpins));
  EXPECT_LE(analysis.lock_parks_ns.size(), 1U);  // the post may come before the wait
  EXPECT_EQ(analysis.semaphore_waits, 1U);
}

TEST_F(LockInterposer, TellsAWaitThatNeedNotWait) {
  const Recording recording = record([] {
    sem_t semaphore;
    sem_init(&semaphore, 0, 2);
    EXPECT_EQ(sem_wait(&semaphore), 0);
    timespec soon{};
    clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_sec += 60;
    EXPECT_EQ(sem_timedwait(&semaphore, &soon), 0);
    sem_destroy(&semaphore);
  });
  const Analysis analysis = analysed(recording);
  EXPECT_EQ(analysis.semaphore_waits, 2U);
  EXPECT_TRUE(analysis.lock_parks_ns.empty());
}

TEST_F(LockInterposer, PassesOnHowAWaitEnds) {
  const Recording recording = record([] {
    sem_t semaphore;
    sem_init(&semaphore, 0, 0);
    timespec past{};
    errno = 0;
    EXPECT_EQ(sem_timedwait(&semaphore, &past), -1);
    EXPECT_EQ(errno, ETIMEDOUT);
    errno = 0;
    EXPECT_EQ(sem_clockwait(&semaphore, CLOCK_MONOTONIC, &past), -1);
    EXPECT_EQ(errno, ETIMEDOUT);
    sem_destroy(&semaphore);
  });
  const Analysis analysis = analysed(recording);
  EXPECT_EQ(analysis.lock_parks_ns.size(), 2U);
}

TEST_F(LockInterposer, CountsNoCallsOfOthers) {
  // Of the C library, and of no sanitizer.
  const void* const any = reinterpret_cast<const void*>(&gnu_get_libc_version);
  ASSERT_FALSE(watch_code_of({.any = any}).file.empty());
  const Recording recording = record([] {
    sched_yield();
    sem_t semaphore;
    sem_init(&semaphore, 0, 1);
    sem_wait(&semaphore);
    sem_destroy(&semaphore);
  });
  EXPECT_TRUE(recording.threads.empty());
}

}  // namespace
}  // namespace harness::lock_trace
