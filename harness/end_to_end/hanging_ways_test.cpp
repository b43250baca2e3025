// harness/end_to_end/hanging_ways_test.cpp: workers that never come back, alone or beside one that fails, and
// workers that do not end.
#include "harness/end_to_end/ways_fixture.h"

namespace harness::ways_test {
namespace {

const std::string kProcesses = "/(processes|process_pool)/threads:2";

// What a worker does for ever.
const std::string kLoops = "while True: pass";
const std::string kSleeps = "time.sleep(3600)";

class HangingWays : public CountdownWays {
 protected:
  /// Scripts of which worker 1 does the one thing, while the others do the other.
  std::filesystem::path scripts_where(const std::string& second, const std::string& others) const {
    std::filesystem::remove_all(folder().path() / "scripts");
    return scripts_with(
        "import os, signal, time\n"
        "def run(begin, end):\n"
        "    if begin == end: return 0\n"
        "    if begin > 0: " +
        second + "\n    " + others + "\n");
  }

  ProcessResult run_scripts_on(const std::string& spec, const std::string& ways,
                               const std::filesystem::path& scripts, const Arguments& more = {}) const {
    Arguments arguments{"--scripts=" + scripts.string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_on(spec, "countdown" + ways, arguments);
  }

  /// The ways that the filter takes, of which no worker comes back.
  void expect_each_hangs(const std::string& filter, const std::vector<std::string>& ways) const {
    for (const std::string& spec : specs_of_pythons()) {
      SCOPED_TRACE(spec);
      const auto result = run_scripts_on(spec, filter, scripts_where(kSleeps, kSleeps), {"--patience=0.5"});
      EXPECT_EQ(result.exit_code, 1);
      EXPECT_FALSE(result.timed_out);
      expect_each_says("its workers hang: for 0.5 s none of them has computed (--patience)", ways);
      expect_holds(result.standard_error,
                   {" failed: its workers hang: for 0.5 s none of them has computed (--patience)\n"});
    }
  }

  void expect_each_says_what_is_raised_while(const std::string& others) const {
    for (const std::string& spec : specs_of_pythons()) {
      SCOPED_TRACE(spec);
      const auto result =
          run_scripts_on(spec, kAnyWay, scripts_where("raise ValueError('the second')", others));
      EXPECT_EQ(result.exit_code, 1);
      EXPECT_FALSE(result.timed_out);
      expect_each_says("ValueError: the second");
      expect_holds(result.standard_error, {"countdown.py\", line 4, in run\n"});
    }
  }

  void expect_each_says_that_one_died_while(const std::string& others) const {
    for (const std::string& spec : specs_of_pythons()) {
      SCOPED_TRACE(spec);
      const auto result =
          run_scripts_on(spec, kProcesses, scripts_where("os.kill(os.getpid(), signal.SIGKILL)", others));
      EXPECT_EQ(result.exit_code, 1);
      EXPECT_FALSE(result.timed_out);
      for (const std::string& way : {kFork, kForkserver, kSpawn}) {
        expect_holds(error_of_row("countdown/" + way), {"worker 1 (process ", ") was killed by signal 9"});
      }
      expect_holds(error_of_row("countdown/" + kProcessPool), {"process pool was terminated abruptly"});
    }
  }
};

TEST_F(HangingWays, SayThatNoProcessComputes) {
  expect_each_hangs(kProcesses, {kFork, kForkserver, kSpawn, kProcessPool});
}

TEST_F(HangingWays, SayThatNoInterpreterOrThreadComputes) {
  expect_each_hangs("/(subinterpreters|thread_pool|interpreter_pool)/threads:2",
                    {kSubinterpreters, kThreadPool, kInterpreterPool});
}

// Only workers that a way has made may not sleep for as long as they like.
TEST_F(HangingWays, AreNoneWhereThreadsOfOneInterpreterSleep) {
  const auto result =
      run_scripts_on("", "/python_threads/threads:2",
                     scripts_where("pass", "time.sleep(2.5); return end - begin"), {"--patience=0.5"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(rows_of(saved()), (NamedErrors{{"countdown/python_threads/threads:2", ""}}));
}

TEST_F(HangingWays, SayWhatAWorkerRaisedWhileTheFirstComputes) {
  expect_each_says_what_is_raised_while(kLoops);
}

TEST_F(HangingWays, SayWhatAWorkerRaisedWhileTheFirstSleeps) {
  expect_each_says_what_is_raised_while(kSleeps);
}

TEST_F(HangingWays, SayThatAWorkerDiedWhileTheFirstComputes) {
  expect_each_says_that_one_died_while(kLoops);
}

TEST_F(HangingWays, SayThatAWorkerDiedWhileTheFirstSleeps) {
  expect_each_says_that_one_died_while(kSleeps);
}

// SIGIO is what tells a process that it is not needed any more.
TEST_F(HangingWays, EndWorkersThatIgnoreThatTheyAreToEnd) {
  const auto scripts = scripts_with(
      "import signal, threading, time\n"
      "def run(begin, end):\n"
      "    if begin < end and threading.active_count() == 1:\n"
      "        signal.signal(signal.SIGIO, signal.SIG_IGN)\n"
      "        threading.Thread(target=time.sleep, args=(3600,), daemon=False).start()\n"
      "    return end - begin\n");
  const auto result = run_scripts_on("", kProcesses, scripts);
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(failed_of(saved()), std::vector<std::string>{});
  EXPECT_EQ(names_of(saved()).size(), 4U);
  EXPECT_EQ(result.standard_error.find("Python does not end"), std::string::npos) << result.standard_error;
}

TEST_F(HangingWays, EndWorkersThatHangAndIgnoreThatTheyAreToEnd) {
  for (const std::string& others : {kLoops, kSleeps}) {
    SCOPED_TRACE(others);
    const auto result =
        run_scripts_on("", kProcesses,
                       scripts_where("raise ValueError('the second')",
                                     "signal.signal(signal.SIGIO, signal.SIG_IGN)\n    " + others));
    EXPECT_FALSE(result.timed_out);
    for (const std::string& way : {kFork, kForkserver, kSpawn, kProcessPool}) {
      EXPECT_EQ(error_of_row("countdown/" + way), "ValueError: the second") << way;
    }
  }
}

// Two seconds for all of them, and not for each.
TEST_F(HangingWays, EndSixtyFourWorkersThatDoNotEndByThemselves) {
  const auto scripts = scripts_with(kLeavesAThread);
  const auto result = run_scripts_on("", "/processes/threads:64/start:fork$", scripts, {"--threads=64"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(failed_of(saved()), std::vector<std::string>{});
}

}  // namespace
}  // namespace harness::ways_test
