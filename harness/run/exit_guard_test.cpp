// harness/run/exit_guard_test.cpp: a process that ends without a word, or a child that may not end.
#include "harness/run/exit_guard.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <thread>
#include <vector>

namespace harness {
namespace {

void tell(int status) {
  std::cerr << "told " << status << "\n";
}

TEST(ExitGuardDeathTest, TellsOfBothWaysToEndAndFailsThem) {
  EXPECT_EXIT(
      {
        const ExitGuard guard(tell);
        _exit(3);
      },
      testing::ExitedWithCode(1), "^told 3\n$");
  EXPECT_EXIT(
      {
        const ExitGuard guard(tell);
        std::thread([] { std::exit(0); }).join();
      },
      testing::ExitedWithCode(1), "^told 0\n$");
}

TEST(ExitGuardDeathTest, TellsOnceOfSeveralThreads) {
  const auto run = [] {
    const ExitGuard guard([](int status) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      tell(status);
    });
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back([] { _exit(3); });
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(1), "^told 3\n$");
}

TEST(ExitGuardDeathTest, TellsNobodyWhereThereIsNoneOrTheProgramItselfEnds) {
  EXPECT_EXIT(
      {
        { const ExitGuard guard(tell); }
        _exit(3);
      },
      testing::ExitedWithCode(3), "^$");
  EXPECT_EXIT(
      {
        const ExitGuard guard(tell);
        end_process(4);
      },
      testing::ExitedWithCode(4), "^$");
}

TEST(ExitGuardDeathTest, LeavesAForkedChildToItself) {
  EXPECT_EXIT(
      {
        const ExitGuard guard(tell);
        const pid_t child = fork();
        if (child == 0) _exit(5);
        int status = 0;
        waitpid(child, &status, 0);
        end_process(WEXITSTATUS(status));
      },
      testing::ExitedWithCode(5), "^$");
}

}  // namespace
}  // namespace harness
