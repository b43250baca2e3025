// harness/gil_trace/interposer_test.cpp: an imitation GIL is seen, other condition variables are not.
#include "harness/gil_trace/interposer.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <semaphore>
#include <thread>
#include <vector>

#include "harness/gil_trace/analysis.h"
#include "harness/gil_trace/gil_table.h"
#include "harness/gil_trace/imitation_gil.h"
#include "harness/gil_trace/learn.h"
#include "harness/gil_trace/recorder.h"

namespace harness::gil_trace {
namespace {

class Interposer : public testing::Test {
 protected:
  void SetUp() override {
    if (!kInterposerIsBuiltIn) GTEST_SKIP() << "ThreadSanitizer has the functions";
    reserve_buffers();
  }

  // Learns `gil`, which the calling thread holds before and after.
  LearnedGil learn(ImitationGil& gil) {
    return learn_gil([&] { gil.drop(); }, [&] { gil.take(); });
  }

  Analysis record(const std::function<void()>& body) {
    start_recording();
    body();
    stop_recording();
    const Recording recording = collect_recording();
    return analyse(recording, {recording.begin_ns, recording.end_ns}, cores_of_this_machine());
  }
};

TEST_F(Interposer, IsFoundByTheSelfTest) {
  EXPECT_TRUE(hook_self_test());
}

TEST_F(Interposer, LearnsAGilByItsSignals) {
  ImitationGil gil;
  gil.take();
  const LearnedGil learned = learn(gil);
  ASSERT_EQ(learned.outcome, LearnedGil::Outcome::learned);
  EXPECT_EQ(detail::find_gil(gil.cond()).gil(), *learned.gil);
  EXPECT_FALSE(detail::find_gil(gil.cond()).is_switch_cond());
  EXPECT_TRUE(detail::find_gil(gil.switch_cond()).is_switch_cond());
  EXPECT_EQ(learn(gil).gil, learned.gil);
  forget_gil(*learned.gil);
  EXPECT_FALSE(detail::find_gil(gil.cond()));
}

TEST_F(Interposer, LearnsAGilDespiteOtherSignals) {
  ImitationGil gil;
  gil.take();
  pthread_cond_t both = PTHREAD_COND_INITIALIZER;
  pthread_cond_t sometimes = PTHREAD_COND_INITIALIZER;
  pthread_cond_t twice = PTHREAD_COND_INITIALIZER;
  int round = 0;
  const LearnedGil learned = learn_gil(
      [&] {
        pthread_cond_signal(&twice);
        pthread_cond_signal(&twice);
        pthread_cond_signal(&both);
        if (round++ == 0) pthread_cond_signal(&sometimes);
        gil.drop();
      },
      [&] {
        gil.take();
        pthread_cond_signal(&both);
      });
  ASSERT_EQ(learned.outcome, LearnedGil::Outcome::learned);
  EXPECT_EQ(detail::find_gil(gil.cond()).gil(), *learned.gil);
  EXPECT_TRUE(detail::find_gil(gil.switch_cond()).is_switch_cond());
  forget_gil(*learned.gil);
}

TEST_F(Interposer, SaysWhereThereIsNoGil) {
  EXPECT_EQ(learn_gil([] {}, [] {}).outcome, LearnedGil::Outcome::no_events);
}

TEST_F(Interposer, SaysWhereItCannotTellTheGil) {
  ImitationGil gil;
  gil.take();
  pthread_cond_t always = PTHREAD_COND_INITIALIZER;
  const LearnedGil learned = learn_gil(
      [&] {
        pthread_cond_signal(&always);
        gil.drop();
      },
      [&] { gil.take(); });
  EXPECT_EQ(learned.outcome, LearnedGil::Outcome::unclear);
  EXPECT_FALSE(learned.gil.has_value());
}

TEST_F(Interposer, CountsUncontendedPairsExactly) {
  ImitationGil gil;
  gil.take();
  const GilId id = learn(gil).gil.value();
  gil.drop();
  const Analysis analysis = record([&] {
    for (int pair = 0; pair < 1000; ++pair) {
      gil.take();
      gil.drop();
    }
  });
  EXPECT_EQ(analysis.failure, "");
  EXPECT_EQ(analysis.total().acquires, 1000u);
  EXPECT_EQ(analysis.total().releases, 1000u);
  EXPECT_TRUE(analysis.total().waits_ns.empty());
  forget_gil(id);
}

TEST_F(Interposer, ReadsTheCpuTimeWithinWaitsAndOnlyThere) {
  ImitationGil gil;
  gil.take();
  const GilId id = learn(gil).gil.value();
  gil.drop();
  record([&] {
    gil.take();
    gil.drop();
  });
  ASSERT_EQ(collect_recording().threads.size(), 1U);
  EXPECT_EQ(collect_recording().threads[0].wait_cpu_ns, 0);
  record([&] {
    gil.take();
    std::jthread waiter([&] {
      gil.take();
      gil.drop();
    });
    while (!gil.drop_is_requested()) std::this_thread::yield();
    gil.drop();
  });
  const Recording recording = collect_recording();
  ASSERT_EQ(recording.threads.size(), 2U);
  const bool first_waited = recording.threads[0].wait_cpu_ns > 0;
  EXPECT_GT(recording.threads[first_waited ? 0 : 1].wait_cpu_ns, 0);
  EXPECT_EQ(recording.threads[first_waited ? 1 : 0].wait_cpu_ns, 0) << "it held";
  forget_gil(id);
}

TEST_F(Interposer, NeverCountsOtherConditionVariables) {
  ImitationGil gil;
  gil.take();
  const GilId id = learn(gil).gil.value();
  const Analysis analysis = record([&] {
    // As the standard library uses them (pthread_cond_clockwait), and a lock like the GIL that is not
    // learned.
    std::mutex mutex;
    std::condition_variable condition;
    std::unique_lock lock(mutex);
    condition.notify_one();
    condition.notify_all();
    EXPECT_EQ(condition.wait_for(lock, std::chrono::microseconds(10)), std::cv_status::timeout);
    ImitationGil stranger;
    stranger.take();
    stranger.drop();
  });
  EXPECT_TRUE(analysis.uses.empty());
  forget_gil(id);
}

// Threads that take turns whenever one of them is asked to, as Python threads do that compute.
void contend(ImitationGil& gil, int threads, int switches_each) {
  std::vector<std::jthread> team;
  for (int member = 0; member < threads; ++member) {
    team.emplace_back([&] {
      gil.take();
      for (int turn = 0; turn < switches_each; ++turn) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(5);
        while (!gil.drop_is_requested() && std::chrono::steady_clock::now() < until) {
        }
        gil.drop();
        gil.take();
      }
      gil.drop();
    });
  }
}

TEST_F(Interposer, SeesContentionWithoutContradiction) {
  ImitationGil gil;
  gil.take();
  const GilId id = learn(gil).gil.value();
  gil.drop();
  const Analysis analysis = record([&] { contend(gil, 3, 50); });
  EXPECT_EQ(analysis.failure, "");
  EXPECT_EQ(analysis.dropped_events, 0u);
  EXPECT_EQ(analysis.uses.size(), 3u);
  EXPECT_EQ(analysis.total().acquires, 3u * 51);
  EXPECT_EQ(analysis.total().releases, 3u * 51);
  EXPECT_GT(analysis.total().timeouts, 0u);
  EXPECT_FALSE(analysis.total().waits_ns.empty());
  forget_gil(id);
}

// Two threads that take turns, `rounds` times, each on the CPU that is given.
void take_turns(ImitationGil& gil, int rounds, std::array<int, 2> cpus) {
  std::array<std::binary_semaphore, 2> turn{std::binary_semaphore{1}, std::binary_semaphore{0}};
  std::vector<std::jthread> team;
  for (std::size_t member = 0; member < 2; ++member) {
    team.emplace_back([&, member] {
      cpu_set_t one;
      CPU_ZERO(&one);
      CPU_SET(static_cast<std::size_t>(cpus.at(member)), &one);
      ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
      for (int round = 0; round < rounds; ++round) {
        turn.at(member).acquire();
        gil.take();
        gil.drop();
        turn.at(1 - member).release();
      }
    });
  }
}

TEST_F(Interposer, TellsSwitchesWithinACoreFromThoseToAnother) {
  ImitationGil gil;
  gil.take();
  const GilId id = learn(gil).gil.value();
  gil.drop();
  const int here = sched_getcpu();
  const GilUse within = record([&] { take_turns(gil, 10, {here, here}); }).total();
  EXPECT_EQ(within.switches, 19u);
  EXPECT_EQ(within.switches_same_core, 19u);
  EXPECT_EQ(within.switches_other_core, 0u);
  const CoreMap cores = cores_of_this_machine();
  int other = here;
  cpu_set_t usable;
  ASSERT_EQ(sched_getaffinity(0, sizeof usable, &usable), 0);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(static_cast<std::size_t>(cpu), &usable) && cores.share_core(here, cpu) == false)
      other = cpu;
  }
  if (other == here) GTEST_SKIP() << "one core only";
  const GilUse between = record([&] { take_turns(gil, 10, {here, other}); }).total();
  EXPECT_EQ(between.switches_same_core, 0u);
  EXPECT_EQ(between.switches_other_core, 19u);
  forget_gil(id);
}

// Whether a drop that was asked for has to wait is up to the scheduler; so here without an imitation GIL.
TEST_F(Interposer, SeesAForcedSwitch) {
  pthread_mutex_t switch_mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
  pthread_cond_t switch_cond = PTHREAD_COND_INITIALIZER;
  const GilId id = register_gil({&cond, &switch_cond}).value();
  const Analysis analysis = record([&] {
    pthread_cond_signal(&switch_cond);
    pthread_cond_signal(&cond);
    bool switched = false;
    pthread_mutex_lock(&switch_mutex);
    std::jthread other([&] {
      pthread_mutex_lock(&switch_mutex);  // not before the first thread waits
      switched = true;
      pthread_cond_signal(&switch_cond);
      pthread_mutex_unlock(&switch_mutex);
      pthread_cond_signal(&cond);
    });
    while (!switched) pthread_cond_wait(&switch_cond, &switch_mutex);
    pthread_mutex_unlock(&switch_mutex);
  });
  EXPECT_EQ(analysis.failure, "");
  EXPECT_EQ(analysis.total().forced_switches, 1u);
  EXPECT_EQ(analysis.total().switches, 1u);
  forget_gil(id);
}

TEST_F(Interposer, TellsTwoGilsApart) {
  ImitationGil one;
  ImitationGil two;
  one.take();
  two.take();
  const GilId first = learn(one).gil.value();
  const GilId second = learn(two).gil.value();
  ASSERT_NE(first, second);
  const Analysis analysis = record([&] {
    for (int pair = 0; pair < 3; ++pair) {
      one.drop();
      one.take();
    }
    two.drop();
    two.take();
  });
  EXPECT_EQ(analysis.failure, "");
  EXPECT_EQ(analysis.of_gil(first).acquires, 3u);
  EXPECT_EQ(analysis.of_gil(second).acquires, 1u);
  forget_gil(first);
  forget_gil(second);
}

TEST_F(Interposer, RecordsNothingOutsideARecording) {
  ImitationGil gil;
  gil.take();
  const GilId id = learn(gil).gil.value();
  EXPECT_TRUE(record([] {}).uses.empty());
  gil.drop();
  gil.take();
  EXPECT_TRUE(collect_recording().threads.empty());
  forget_gil(id);
}

}  // namespace
}  // namespace harness::gil_trace
