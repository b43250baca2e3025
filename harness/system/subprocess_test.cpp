// harness/system/subprocess_test.cpp: what a child inherits, what comes back, and that nothing hangs.
#include "harness/system/subprocess.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include "harness/system/test_folder.h"
#include "harness/system/text.h"
#include "harness/testing/assertions.h"

namespace harness {
namespace {

using namespace std::chrono_literals;

// Far more than any of these children need, so that only a hang reaches it.
constexpr auto kPatience = 30s;

Command shell(const std::string& script) {
  return {.argv = {"/bin/sh", "-c", script}};
}

int error_of_starting(const std::filesystem::path& program) {
  const auto error =
      thrown_by<std::system_error>([&] { const Subprocess started({.argv = {program.string()}}); });
  if (!error) return 0;
  EXPECT_TRUE(contains(error->what(), program.string()));
  return error->code().value();
}

TEST(Subprocess, KeepsTheTwoStreamsApart) {
  const auto result = run_subprocess(shell("echo out; echo err >&2; exit 7"), kPatience);
  EXPECT_EQ(result.standard_output, "out\n");
  EXPECT_EQ(result.standard_error, "err\n");
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_EQ(result.signal, 0);
  EXPECT_FALSE(result.timed_out);
  EXPECT_FALSE(result.truncated);
  EXPECT_FALSE(result.succeeded());
  EXPECT_GT(result.wall_time, 0ns);
}

TEST(Subprocess, GivesTheChildOneDescriptorAndNoOther) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  Command command = shell("echo inherited >&3; ls /proc/self/fd | wc -l");
  command.inherited = ends[1];
  const auto result = run_subprocess(command, kPatience);
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(trimmed(result.standard_output), "5") << "the three streams, this one, and the folder's";
  std::array<char, 20> text{};
  EXPECT_EQ(::read(ends[0], text.data(), text.size()), 10);
  for (const int end : ends) ::close(end);
}

TEST(Subprocess, IsWaitedForInPieces) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  Command command = shell("echo before; echo now >&3; sleep 0.1; echo after; exit 5");
  command.inherited = ends[1];
  Subprocess child(command);
  ::close(ends[1]);
  EXPECT_FALSE(child.wait_until(ends[0], kPatience));
  std::array<char, 4> text{};
  EXPECT_EQ(::read(ends[0], text.data(), text.size()), 4);
  const auto result = child.wait_until(-1, kPatience);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit_code, 5);
  EXPECT_EQ(result->standard_output, "before\nafter\n");
  ::close(ends[0]);
}

TEST(Subprocess, PassesBothStreamsOnToStandardError) {
  Command command = shell("echo out; echo err >&2; exit 7");
  command.passes_output_on = true;
  testing::internal::CaptureStderr();
  const auto result = run_subprocess(command, kPatience);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "out\nerr\n");
  EXPECT_EQ(result.standard_output, "");
  EXPECT_EQ(result.standard_error, "");
  EXPECT_EQ(result.exit_code, 7);
}

TEST(Subprocess, ReportsTheSignalThatEndedTheChild) {
  const auto result = run_subprocess(shell("kill -SEGV $$"), kPatience);
  EXPECT_EQ(result.signal, SIGSEGV);
  EXPECT_EQ(result.exit_code, -1);
  EXPECT_FALSE(result.timed_out);
}

TEST(Subprocess, PassesArgumentsUntouchedByAnyShell) {
  const auto result = run_subprocess({.argv = {"/bin/echo", "a b", "$HOME", "*", ""}}, kPatience);
  EXPECT_EQ(result.standard_output, "a b $HOME * \n");
}

TEST(Subprocess, SetsAndUnsetsVariablesAndInheritsTheRest) {
  ASSERT_EQ(::setenv("HARNESS_TEST_KEPT", "kept", 1), 0);
  ASSERT_EQ(::setenv("HARNESS_TEST_GONE", "gone", 1), 0);
  ASSERT_EQ(::setenv("HARNESS_TEST_CHANGED", "old", 1), 0);
  Command command =
      shell("echo $HARNESS_TEST_KEPT,${HARNESS_TEST_GONE-unset},$HARNESS_TEST_CHANGED,$HARNESS_TEST_NEW");
  command.environment = {
      {"HARNESS_TEST_GONE", std::nullopt}, {"HARNESS_TEST_CHANGED", "new"}, {"HARNESS_TEST_NEW", "a=b"}};
  EXPECT_EQ(run_subprocess(command, kPatience).standard_output, "kept,unset,new,a=b\n");
}

TEST(Subprocess, HasNoVariablesButThoseSetWhereItInheritsNone) {
  ASSERT_EQ(::setenv("HARNESS_TEST_KEPT", "kept", 1), 0);
  const auto result = run_subprocess({.argv = {"/usr/bin/env"},
                                      .environment = {{"A", "b=c"}, {"UNSET", std::nullopt}},
                                      .inherits_environment = false},
                                     kPatience);
  EXPECT_EQ(result.standard_output, "A=b=c\n");
}

TEST(Subprocess, StartsInTheFolderAskedFor) {
  const TestFolder folder;
  Command command = shell("pwd");
  command.working_directory = folder.path();
  EXPECT_EQ(run_subprocess(command, kPatience).standard_output, folder.path().string() + "\n");
}

TEST(Subprocess, SaysWhyAProgramCannotBeStarted) {
  const TestFolder folder;
  EXPECT_EQ(error_of_starting(folder.path() / "missing"), ENOENT);
  EXPECT_EQ(error_of_starting(folder.path()), EACCES);
  EXPECT_EQ(error_of_starting(folder.write("plain", "text")), EACCES);
  const auto garbage = folder.write("garbage", "neither a program nor a script");
  std::filesystem::permissions(garbage, std::filesystem::perms(0755));
  EXPECT_EQ(error_of_starting(garbage), ENOEXEC);
}

TEST(Subprocess, ReadsNothingFromThisProcess) {
  EXPECT_EQ(run_subprocess({.argv = {"/bin/cat"}}, kPatience).standard_output, "");
}

// A library that forgets O_CLOEXEC must not hand its sockets and locks to every child.
TEST(Subprocess, InheritsNoOtherFileDescriptor) {
  const FileDescriptor careless(::open("/dev/null", O_RDONLY));
  ASSERT_TRUE(careless.is_open());
  const auto result = run_subprocess({.argv = {"/bin/ls", "/proc/self/fd"}}, kPatience);
  EXPECT_EQ(result.standard_output, "0\n1\n2\n3\n");  // 3 is ls's own, of the folder that it lists
}

// Else a child of a host that blocks SIGINT in its threads could never be interrupted.
TEST(Subprocess, StartsWithNoSignalBlockedOrIgnored) {
  sigset_t blocked;
  sigset_t before;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGINT);
  ASSERT_EQ(::pthread_sigmask(SIG_BLOCK, &blocked, &before), 0);
  auto* const handler = ::signal(SIGTERM, SIG_IGN);
  const auto status = run_subprocess({.argv = {"/bin/cat", "/proc/self/status"}}, kPatience).standard_output;
  ::signal(SIGTERM, handler);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  // Signals 32 and 33 are glibc's own; it leaves them ignored in every child that it spawns.
  constexpr std::uint64_t kOrdinarySignals = 0x7fffffff;
  const auto signals = [&](std::string_view key) {
    return std::stoull(std::string(value_of(status, key, ':')), nullptr, 16) & kOrdinarySignals;
  };
  EXPECT_EQ(signals("SigBlk"), 0U);
  EXPECT_EQ(signals("SigIgn"), 0U);
}

TEST(Subprocess, CanBeSentASignal) {
  Subprocess child({.argv = {"/bin/sleep", "60"}});
  EXPECT_GT(child.pid(), 0);
  child.kill(SIGINT);
  const auto result = child.wait(kPatience);
  EXPECT_EQ(result.signal, SIGINT);
  EXPECT_FALSE(result.timed_out);
}

TEST(Subprocess, KillsTheWholeGroupWhenTimeIsUp) {
  // The sleeping grandchild holds the pipes, and its pid is printed first.
  const auto result = run_subprocess(shell("sleep 60 & echo $!; wait"), 200ms);
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.signal, SIGKILL);
  const pid_t grandchild = std::stoi(result.standard_output);
  // Killed it is at once; its end is noticed a little later, by whoever reaps orphans.
  bool gone = false;
  for (int i = 0; i < 1000 && !gone; ++i) {
    const auto state =
        run_subprocess({.argv = {"/bin/cat", "/proc/" + std::to_string(grandchild) + "/stat"}}, kPatience);
    gone = !state.succeeded() || state.standard_output.find(" Z ") != std::string::npos;
  }
  EXPECT_TRUE(gone);
}

TEST(Subprocess, KillsAChildThatNeverStopsPrinting) {
  Command command = shell("while :; do echo y; done");
  command.output_limit_bytes = 1000;
  const auto result = run_subprocess(command, 200ms);
  EXPECT_TRUE(result.timed_out);
  EXPECT_TRUE(result.truncated);
  EXPECT_EQ(result.standard_output.size(), 1000U);
}

TEST(Subprocess, TakesAllThatIsPrintedUpToTheLimit) {
  Command command = {.argv = {"/usr/bin/head", "-c", "3000000", "/dev/zero"}};
  auto result = run_subprocess(command, kPatience);
  EXPECT_EQ(result.standard_output.size(), 3'000'000U);
  EXPECT_FALSE(result.truncated);
  command.output_limit_bytes = 2'999'999;
  result = run_subprocess(command, kPatience);
  EXPECT_EQ(result.standard_output.size(), 2'999'999U);
  EXPECT_TRUE(result.truncated);
  EXPECT_TRUE(result.succeeded());
}

// The owner of a pipe may make it hold more than one read takes, and all of it may be there at the end.
TEST(Subprocess, TakesAllThatAnEnlargedPipeHolds) {
  const TestFolder folder;
  Command command = shell("while [ ! -e go ]; do sleep 0.01; done; exec head -c 500000 /dev/zero");
  command.working_directory = folder.path();
  Subprocess child(command);
  const FileDescriptor pipe(
      ::open(("/proc/" + std::to_string(child.pid()) + "/fd/1").c_str(), O_WRONLY | O_CLOEXEC));
  ASSERT_GE(::fcntl(pipe.get(), F_SETPIPE_SZ, 1 << 20), 500'000);
  folder.write("go", "");
  siginfo_t ended{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child.pid()), &ended, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(child.wait(kPatience).standard_output.size(), 500'000U);
}

// A daemon that a child starts keeps the pipes open; the child itself has ended.
TEST(Subprocess, DoesNotWaitForWhatTheChildLeavesBehind) {
  const auto result = run_subprocess(shell("echo said; sleep 20 & exit 3"), kPatience);
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.standard_output, "said\n");
  EXPECT_FALSE(result.timed_out);
}

TEST(Subprocess, WaitsForAChildThatClosedItsStreams) {
  const auto result = run_subprocess(shell("exec >&- 2>&-; sleep 0.2; exit 5"), kPatience);
  EXPECT_EQ(result.exit_code, 5);
}

TEST(Subprocess, SeveralRunAtOnce) {
  std::vector<Subprocess> children;
  for (int i = 0; i < 8; ++i) children.emplace_back(shell("exit " + std::to_string(i)));
  for (int i = 0; i < 8; ++i) EXPECT_EQ(children[static_cast<std::size_t>(i)].wait(kPatience).exit_code, i);
}

TEST(Subprocess, IsKilledAndReapedWhenNobodyWaits) {
  pid_t pid = 0;
  {
    Subprocess child(shell("sleep 60"));
    Subprocess moved(std::move(child));
    pid = moved.pid();
    ASSERT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

TEST(Subprocess, LeavesNoDescriptorOpen) {
  const auto count = [] {
    const std::filesystem::directory_iterator entries("/proc/self/fd");
    return std::distance(entries, std::filesystem::directory_iterator());
  };
  const auto before = count();
  run_subprocess(shell("exit 0"), kPatience);
  EXPECT_NE(error_of_starting("/nonexistent"), 0);
  EXPECT_EQ(count(), before);
}

}  // namespace
}  // namespace harness
