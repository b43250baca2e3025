// harness/system/descendants_test.cpp: children that nobody sees, or that outlive what started them.
#include "harness/system/descendants.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <thread>

#include "harness/system/text.h"

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

/// A process with these words, as /proc/PID/cmdline has them, that waits.
pid_t start_with_words(const char* words) {
  const pid_t child = fork();
  if (child == 0)
    execl("/bin/sh", "sh", "-c", "while :; do sleep 1; done", words, static_cast<char*>(nullptr));
  return child;
}

void await_words(pid_t process, const std::string& words) {
  const std::string file = "/proc/" + std::to_string(process) + "/cmdline";
  while (read_text_file(file).value_or("").find(words) == std::string::npos) std::this_thread::yield();
}

bool was_killed(pid_t process) {
  int status = 0;
  return waitpid(process, &status, 0) == process && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

// It removes what the others leave in /dev/shm, and ends when they have.
TEST(Descendants, ThatAreResourceTrackersAreNotKilled) {
  const std::string tracker_words = "from multiprocessing.resource_tracker import main;main(3)";
  const pid_t tracker = start_with_words(tracker_words.c_str());
  const pid_t other = start_with_words("another");
  await_words(tracker, tracker_words);
  await_words(other, "another");
  kill_descendants();
  EXPECT_TRUE(was_killed(other));
  EXPECT_EQ(waitpid(tracker, nullptr, WNOHANG), 0) << "it goes on";
  kill(tracker, SIGKILL);
  EXPECT_TRUE(was_killed(tracker));
}

TEST(KillGroup, KillsItsMembersOnly) {
  const pid_t leader = start_waiting(), member = start_waiting(), other = start_waiting();
  ASSERT_EQ(setpgid(leader, leader), 0);
  ASSERT_EQ(setpgid(member, leader), 0);
  kill_group(leader);
  EXPECT_TRUE(was_killed(leader));
  EXPECT_TRUE(was_killed(member));
  EXPECT_EQ(waitpid(other, nullptr, WNOHANG), 0);
  kill(other, SIGKILL);
  EXPECT_TRUE(was_killed(other));
}

}  // namespace
}  // namespace harness
