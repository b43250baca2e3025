// harness/run/interruption_test.cpp: a Ctrl-C that is lost, that loses results, or that ends nothing.
//
// Each case is a process of its own, forked by EXPECT_EXIT: it takes signals and exits.
#include "harness/run/interruption.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <iterator>

#include "harness/trace/next_function.h"

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
  const auto watch = interruption.watch([] { std::this_thread::sleep_for(1h); }, save);
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
      const auto watch = interruption.watch([&] { stopped = true; }, must_not_be_called);
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
    const auto watch = interruption.watch([] {}, save);
    send(SIGTERM);
    await_request(interruption);
    send(SIGINT);
    work(500ms);  // less than the patience with a first signal
  };
  EXPECT_EXIT(interrupt(), testing::ExitedWithCode(143), "^saved\n$");
}

TEST(InterruptionDeathTest, EndsAtOnceWhereNobodyWatches) {
  const auto before = [] {
    Interruption interruption;
    send(SIGINT);
    work(1s);
  };
  const auto after = [] {
    Interruption interruption;
    { const auto watch = interruption.watch(must_not_be_called, must_not_be_called); }
    send(SIGTERM);
    work(1s);
  };
  EXPECT_EXIT(before(), testing::ExitedWithCode(130), "^$");
  EXPECT_EXIT(after(), testing::ExitedWithCode(143), "^$");
}

struct sigaction disposition(int signal) {
  struct sigaction found {};
  sigaction(signal, nullptr, &found);
  return found;
}

TEST(InterruptionDeathTest, EndsWithoutASignalAndLeavesSignalsAsTheyWere) {
  const auto run = [] {
    {
      Interruption interruption;
      const auto watch = interruption.watch(must_not_be_called, must_not_be_called);
      if (interruption.requested() || interruption.status() != 0) std::_Exit(kWrong);
    }
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      if (disposition(signal).sa_handler != SIG_DFL) std::_Exit(kWrong);
    }
    std::_Exit(kDone);
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(kDone), "^$");
}

// As nohup has it.
TEST(InterruptionDeathTest, LeavesASignalIgnoredThatWasIgnored) {
  const auto run = [] {
    signal(SIGHUP, SIG_IGN);
    Interruption interruption;
    const auto watch = interruption.watch(must_not_be_called, must_not_be_called);
    send(SIGHUP);
    if (interruption.requested()) std::_Exit(kWrong);
    send(SIGHUP);
    std::_Exit(kDone);
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(kDone), "^$");
}

/// How a child that one of these made, and that waits for a signal, ends: by which signal.
int ends_by(pid_t (*start)(), int signal) {
  const pid_t child = start();
  if (child == 0) {
    for (;;) pause();
  }
  kill(child, signal);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

// What multiprocessing starts is ended so.
TEST(InterruptionDeathTest, LeavesAForkedChildTheSignalsThatThereWere) {
#ifdef HARNESS_UNDER_TSAN
  GTEST_SKIP()
      << "ThreadSanitizer keeps back a signal that comes before the child has set its own disposition";
#endif
  const auto run = [] {
    Interruption interruption;
    const auto watch = interruption.watch(must_not_be_called, must_not_be_called);
    sigset_t blocked;
    pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      if (sigismember(&blocked, signal) != 0 || ends_by(fork, signal) != signal) std::_Exit(kWrong);
      if (ends_by(_Fork, signal) != signal) std::_Exit(kWrong);  // without what pthread_atfork() was told
    }
    std::_Exit(interruption.requested() ? kWrong : kDone);
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(kDone), "^$");
}

TEST(InterruptionDeathTest, LeavesNoChildBehind) {
  std::array<int, 2> pipe{};  // as long as one of them lives, it can be written to
  ASSERT_EQ(pipe2(pipe.data(), O_CLOEXEC), 0);
  const auto run = [&] {
    const Interruption interruption;
    if (fork() == 0) {
      fork();
      static_cast<void>(write(pipe[1], "x", 1));
      for (;;) pause();
    }
    std::array<char, 2> both{};
    for (std::size_t got = 0; got < both.size();) got += read(pipe[0], both.data(), 1) == 1 ? 1 : 0;
    interruption.exit();
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(0), "^$");
  close(pipe[1]);
  pollfd polled{pipe[0], POLLIN, 0};
  ASSERT_EQ(poll(&polled, 1, 10'000), 1);
  char none = 0;
  EXPECT_EQ(read(pipe[0], &none, 1), 0);
  close(pipe[0]);
}

TEST(InterruptionDeathTest, EndsWhereItNeverWatched) {
  EXPECT_EXIT(
      {
        { const Interruption interruption; }
        std::_Exit(kDone);
      },
      testing::ExitedWithCode(kDone), "^$");
}

/// How many threads this process has.
std::ptrdiff_t threads() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"),
                       std::filesystem::directory_iterator());
}

[[noreturn]] void be_interrupted_without_thread() {
  Interruption interruption;
  interruption.without_thread([] {
    // The thread has ended, but the kernel may still be about to take it off the list.
    for (int i = 0; i < 10'000 && threads() > 1; ++i) std::this_thread::sleep_for(1ms);
    if (threads() > 1) std::_Exit(kWrong);
    send(SIGINT);
    std::this_thread::sleep_for(10ms);  // nobody takes it yet
  });
  work(10s);
}

TEST(InterruptionDeathTest, WaitsWhereThereIsToBeNoThread) {
  EXPECT_EXIT(be_interrupted_without_thread(), testing::ExitedWithCode(128 + SIGINT), "");
}

}  // namespace
}  // namespace harness
