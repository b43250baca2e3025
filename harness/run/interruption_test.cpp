// harness/run/interruption_test.cpp: a Ctrl-C that is lost, that loses results, or that ends nothing.
//
// Each case is a process of its own, forked by EXPECT_EXIT: it blocks signals, takes them and exits.
#include "harness/run/interruption.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>

namespace harness {
namespace {

using namespace std::chrono_literals;

// Exit statuses of the cases themselves, different from those of an interruption.
constexpr int kDone = 10;
constexpr int kNotEnded = 11;
constexpr int kWrong = 12;

void send(int signal) {
  kill(getpid(), signal);
}

void save() {
  std::cerr << "saved\n";
}

void must_not_be_called() {
  std::_Exit(kWrong);
}

/// Returns when a signal was seen; ends the process where none comes.
void await_request(const Interruption& interruption) {
  for (int i = 0; i < 10'000; ++i) {
    if (interruption.requested()) return;
    std::this_thread::sleep_for(1ms);
  }
  std::_Exit(kNotEnded);
}

/// Work that goes on for longer than an interrupted run may.
[[noreturn]] void work(std::chrono::milliseconds time) {
  std::this_thread::sleep_for(time);
  std::_Exit(kNotEnded);
}

[[noreturn]] void interrupt_endless_work(int signal) {
  Interruption interruption;
  interruption.watch([] { std::this_thread::sleep_for(1h); }, save);
  send(signal);
  work(1s);
}

TEST(InterruptionDeathTest, SavesAndEndsWorkThatNeverEndsWithinASecond) {
  EXPECT_EXIT(interrupt_endless_work(SIGINT), testing::ExitedWithCode(130), "^saved\n$");
  EXPECT_EXIT(interrupt_endless_work(SIGTERM), testing::ExitedWithCode(143), "^saved\n$");
  EXPECT_EXIT(interrupt_endless_work(SIGHUP), testing::ExitedWithCode(129), "^saved\n$");
}

TEST(InterruptionDeathTest, LeavesWorkThatEndsByItselfToDoSo) {
  const auto interrupt = [] {
    std::atomic<bool> stopped{false};
    int status = 0;
    {
      Interruption interruption;
      interruption.watch([&] { stopped = true; }, must_not_be_called);
      send(SIGINT);
      await_request(interruption);
      while (!stopped) std::this_thread::sleep_for(1ms);
      status = interruption.status();
    }
    std::this_thread::sleep_for(1s);  // longer than the patience of a watcher that was not ended
    std::_Exit(status);
  };
  EXPECT_EXIT(interrupt(), testing::ExitedWithCode(130), "^$");
}

TEST(InterruptionDeathTest, SavesAndEndsAtOnceAtASecondSignal) {
  const auto interrupt = [] {
    Interruption interruption;
    interruption.watch([] {}, save);
    send(SIGTERM);
    await_request(interruption);
    send(SIGINT);
    work(500ms);  // less than the patience with a first signal
  };
  EXPECT_EXIT(interrupt(), testing::ExitedWithCode(143), "^saved\n$");
}

TEST(InterruptionDeathTest, LosesNoSignalThatComesBeforeItWatches) {
  const auto interrupt = [] {
    Interruption interruption;
    send(SIGINT);
    interruption.watch([] {}, save);
    work(1s);
  };
  EXPECT_EXIT(interrupt(), testing::ExitedWithCode(130), "^saved\n$");
}

TEST(InterruptionDeathTest, EndsWithoutASignalAndLeavesSignalsAsTheyWere) {
  const auto run = [] {
    {
      Interruption interruption;
      interruption.watch(must_not_be_called, must_not_be_called);
      if (interruption.requested() || interruption.status() != 0) std::_Exit(kWrong);
    }
    sigset_t blocked;
    pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      if (sigismember(&blocked, signal) != 0) std::_Exit(kWrong);
    }
    std::_Exit(kDone);
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(kDone), "^$");
}

TEST(InterruptionDeathTest, EndsWhereItNeverWatched) {
  EXPECT_EXIT(
      {
        { const Interruption interruption; }
        std::_Exit(kDone);
      },
      testing::ExitedWithCode(kDone), "^$");
}

}  // namespace
}  // namespace harness
