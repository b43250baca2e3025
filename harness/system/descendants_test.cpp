// harness/system/descendants_test.cpp: children that nobody sees, or that outlive what started them.
#include "harness/system/descendants.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

namespace harness {
namespace {

pid_t start_waiting() {
  const pid_t child = fork();
  if (child == 0) {
    for (;;) pause();
  }
  return child;
}

TEST(Descendants, AreThoseOfEveryThreadAndTheirs) {
  EXPECT_EQ(descendants(), std::vector<pid_t>{});
  pid_t mine = 0, of_thread = 0;
  std::thread([&] { of_thread = start_waiting(); }).join();
  mine = start_waiting();
  std::vector<pid_t> all = descendants();
  std::ranges::sort(all);
  std::vector<pid_t> both{mine, of_thread};
  std::ranges::sort(both);
  EXPECT_EQ(all, both);
  kill_descendants();
  for (const pid_t child : both) {
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status)) << status;
  }
  EXPECT_EQ(descendants(), std::vector<pid_t>{});
}

TEST(Descendants, AreNotThoseThatHaveEnded) {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  siginfo_t info{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(descendants(), std::vector<pid_t>{});
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
}

}  // namespace
}  // namespace harness
