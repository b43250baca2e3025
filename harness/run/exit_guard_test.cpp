// harness/run/exit_guard_test.cpp: a process that ends without a word, or a child that may not end.
#include "harness/run/exit_guard.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace harness {
namespace {

void tell(const std::string& what) {
  std::cerr << "told " << what << "\n";
}

TEST(ExitGuardDeathTest, TellsOfBothWaysToEndAndFailsThem) {
  EXPECT_EXIT(
      {
        const ExitGuard guard(tell);
        _exit(3);
      },
      testing::ExitedWithCode(1), "^told ended the process, with status 3\n$");
  EXPECT_EXIT(
      {
        const ExitGuard guard(tell);
        std::thread([] { std::exit(0); }).join();
      },
      testing::ExitedWithCode(1), "^told ended the process, with status 0\n$");
}

TEST(ExitGuardDeathTest, TellsOfAnotherProgramAndDoesNotStartIt) {
  static char* const arguments[] = {const_cast<char*>("true"), nullptr};
  EXPECT_EXIT(
      {
        const ExitGuard guard(tell);
        execv("/bin/true", arguments);
      },
      testing::ExitedWithCode(1), "^told would have replaced the process by /bin/true\n$");
  EXPECT_EXIT(
      {
        const ExitGuard guard(tell);
        if (fork() == 0) execve("/bin/true", arguments, environ);
        int status = 1;
        wait(&status);
        end_process(status == 0 ? 5 : 6);
      },
      testing::ExitedWithCode(5), "^$");
  EXPECT_EXIT(std::exit(execv("/nowhere", arguments) == -1 && errno == ENOENT ? 7 : 8),
              testing::ExitedWithCode(7), "^$");
}

TEST(ExitGuardDeathTest, EndsAProcessThatDoesNotEndInTheTimeThatItMayTake) {
  EXPECT_EXIT(
      {
        end_process_after(std::chrono::milliseconds(10), 3, [] { std::cerr << "late\n"; });
        for (;;) pause();
      },
      testing::ExitedWithCode(3), "^late\n$");
}

TEST(ExitGuardDeathTest, TellsOnceOfSeveralThreads) {
  const auto run = [] {
    const ExitGuard guard([](const std::string& what) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      tell(what);
    });
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back([] { _exit(3); });
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(1), "^told ended the process, with status 3\n$");
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
