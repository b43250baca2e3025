// harness/end_to_end/ways_test.cpp: the ways around the GIL that start interpreters, processes or pools: each
// right to the bit, each clear where it fails, and none of them leaving anything behind.
#include <signal.h>

#include <chrono>
#include <set>
#include <thread>

#include "harness/end_to_end/ways_fixture.h"
#include "harness/testing/skip.h"

namespace harness::ways_test {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

using Ways = CountdownWays;

TEST_F(Ways, AreRightToTheBitOnEachInterpreter) {
  for (const std::string& spec : specs_of_pythons()) {
    SCOPED_TRACE(spec);
    const auto result = run_on(spec, "(countdown|sum_of_squares|grayscale)" + kAnyWay);
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    EXPECT_EQ(failed_of(saved()), Names{});
    for (const std::string workload : {"countdown/", "sum_of_squares/", "grayscale/"}) {
      for (const std::string& way : kWays) {
        const std::string error = error_of_row(workload + way);
        EXPECT_TRUE(error.empty() || is_said_to_be_missing(error)) << workload << way << ": " << error;
      }
      EXPECT_EQ(error_of_row(workload + kFork), "");
    }
  }
}

TEST_F(Ways, AreFoundWrongWhereTheyWriteAnythingElse) {
  std::filesystem::copy(HARNESS_SCRIPTS_FOLDER, folder().path() / "scripts");
  folder().write("scripts/grayscale.py",
                 "def run(source, target, begin, end):\n"
                 "    for pixel in range(begin, end):\n"
                 "        blue, green, red = source[3 * pixel:3 * pixel + 3]\n"
                 "        target[pixel] = (blue * 3735 + green * 19235 + red * 9798 + 16384) >> 15\n"
                 "    if begin > 0:\n"
                 "        target[end - 1] ^= 1\n");
  for (const std::string& spec : specs_of_pythons()) {
    run_on(spec, "grayscale" + kAnyWay, {"--scripts=scripts"});
    for (const std::string& way : kWays) {
      const std::string error = error_of_row("grayscale/" + way);
      EXPECT_TRUE(is_said_to_be_missing(error) ||
                  error.find("1 of 3072 pixels are wrong; the first, x 63 y 47") != std::string::npos)
          << way << ": " << error;
    }
  }
}

TEST_F(Ways, SayWhatAScriptRaised) {
  const auto scripts = scripts_with(
      "class Mine(Exception):\n"
      "    def __init__(self, one, two):\n"
      "        super().__init__(one)\n"
      "def run(begin, end):\n"
      "    if begin > 0 and begin < end:\n"
      "        raise Mine('it is broken', 'and cannot be pickled')\n"
      "    return end - begin\n");
  for (const std::string& spec : specs_of_pythons()) {
    SCOPED_TRACE(spec);
    const auto result = run_on(spec, "countdown" + kAnyWay, {"--scripts=" + scripts.string()});
    EXPECT_EQ(result.exit_code, 1);
    expect_each_says("countdown.Mine: it is broken");
    expect_holds(result.standard_error, {"countdown.py\", line 6, in run\n"});
  }
}

TEST_F(Ways, SayThatTheScriptCannotBeImported) {
  const auto scripts = scripts_with("import there_is_no_such_module\n");
  for (const std::string& spec : specs_of_pythons()) {
    SCOPED_TRACE(spec);
    const auto result = run_on(spec, "countdown" + kAnyWay, {"--scripts=" + scripts.string()});
    EXPECT_EQ(result.exit_code, 1);
    expect_each_says("ModuleNotFoundError: No module named 'there_is_no_such_module'");
  }
}

// Also where the workers are processes, which may have children as under python3.
TEST_F(Ways, RunAScriptThatHasAPoolOfItsOwn) {
  const auto scripts = scripts_with(
      "import multiprocessing\n"
      "def count(part):\n    return part[1] - part[0]\n"
      "def run(begin, end):\n"
      "    if begin == end: return 0\n"
      "    with multiprocessing.get_context('fork').Pool(1) as pool:\n"
      "        return sum(pool.map(count, [(begin, end)]))\n");
  const auto result = run_on("", "countdown/(processes|process_pool)/threads:2(/start:fork)?$",
                             {"--scripts=" + scripts.string()});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(names_of(saved()).size(), 2U);
  EXPECT_EQ(failed_of(saved()), Names{});
}

TEST_F(Ways, SayThatThereIsNoScript) {
  const auto scripts = scripts_with("");
  std::filesystem::remove(scripts / "countdown.py");
  run_on("", "countdown" + kAnyWay, {"--scripts=" + scripts.string()});
  expect_each_says("--scripts: there is no " + (scripts / "countdown.py").string());
}

TEST_F(Ways, AreSaidToHaveRunBesideThreadsOfTheScript) {
  const auto scripts = scripts_with(
      "import threading, time\n"
      "threading.Thread(target=time.sleep, args=(3600,), daemon=True, name='the script').start()\n"
      "def run(begin, end):\n    return end - begin\n");
  const auto result = run_on("", "countdown/" + kThreadPool, {"--scripts=" + scripts.string()});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  expect_holds(row("countdown/" + kThreadPool).text("label", ""),
               {"threads of the script's own ran beside it: the script"});
  EXPECT_EQ(row("countdown/" + kThreadPool).text("label", "").find("ThreadPool"), std::string::npos);
}

TEST_F(Ways, SayThatAWorkerDied) {
  const auto scripts = scripts_with(
      "import os, signal, sys\n"
      "def run(begin, end):\n"
      "    if begin > 0 and begin < end:\n"
      "        os.kill(os.getpid(), signal.SIGKILL)\n"
      "    return end - begin\n");
  for (const std::string& spec : specs_of_pythons()) {
    SCOPED_TRACE(spec);
    const auto result =
        run_on(spec, "countdown/(processes|process_pool)/threads:2", {"--scripts=" + scripts.string()});
    EXPECT_EQ(result.exit_code, 1);
    for (const std::string& way : {kFork, kForkserver, kSpawn}) {
      expect_holds(error_of_row("countdown/" + way), {"worker 1 (process ", ") was killed by signal 9"});
    }
    expect_holds(error_of_row("countdown/" + kProcessPool), {"process pool was terminated abruptly"});
  }
}

TEST_F(Ways, SayThatAWorkerEnded) {
  const auto scripts = scripts_with(
      "import os\n"
      "def run(begin, end):\n"
      "    if begin > 0 and begin < end:\n"
      "        os._exit(3)\n"
      "    return end - begin\n");
  run_on("", "countdown/processes/threads:2/start:fork", {"--scripts=" + scripts.string()});
  expect_holds(error_of_row("countdown/" + kFork), {"worker 1 (process ", ") ended with exit status 3"});
}

// What is loaded by workers only stands for another build in them.
TEST_F(Ways, FailWhereTheirProcessesRunAnotherPython) {
  const auto scripts = scripts_with(
      "import multiprocessing, sys\n"
      "if multiprocessing.parent_process() is not None: sys.version = '4.0 of the tests'\n"
      "def run(begin, end):\n    return end - begin\n");
  for (const std::string& spec : specs_of_pythons()) {
    SCOPED_TRACE(spec);
    run_on(spec, "countdown/(processes|process_pool)/threads:2", {"--scripts=" + scripts.string()});
    for (const std::string& way : {kFork, kForkserver, kSpawn, kProcessPool}) {
      expect_holds(error_of_row("countdown/" + way),
                   {"its processes run /", ", which is another Python: 4.0 of the tests"});
    }
  }
}

TEST_F(Ways, SayThatTheirProcessesRunOtherMachineCode) {
  const auto scripts = scripts_with(
      "import multiprocessing, os\n"
      "if multiprocessing.parent_process() is not None: os.path.basename = lambda path: ''\n"
      "def run(begin, end):\n    return end - begin\n");
  const auto result =
      run_on("", "countdown/(" + kFork + "|" + kProcessPool + ")$", {"--scripts=" + scripts.string()});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  for (const std::string& way : {kFork, kProcessPool}) {
    expect_holds(row("countdown/" + way).text("label", ""),
                 {"other machine code: its processes run /", ", this one /"});
  }
}

TEST_F(Ways, SayThatALibraryDoesNotLoadInASubinterpreter) {
  const auto scripts = scripts_with(
      "def run(begin, end):\n    return end - begin\n"
      "raise ImportError('module planted._core does not support loading in subinterpreters')\n");
  for (const std::string& spec : specs_of_pythons()) {
    const auto result = run_on(spec, "countdown/(" + kSubinterpreters + "|" + kInterpreterPool + ")",
                               {"--scripts=" + scripts.string()});
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    for (const std::string& way : {kSubinterpreters, kInterpreterPool}) {
      const std::string error = error_of_row("countdown/" + way);
      EXPECT_TRUE(is_said_to_be_missing(error) ||
                  error == "does not apply: module planted._core does not support loading in subinterpreters")
          << way << ": " << error;
    }
  }
}

// Sixty-four processes that start anew take their time, so one interpreter must do for them; forked ones do
// not.
TEST_F(Ways, WorkWithSixtyFourWorkers) {
  for (const std::string& spec : specs_of_pythons()) {
    SCOPED_TRACE(spec);
    const std::string filter =
        spec.empty() ? "countdown/(subinterpreters|processes|[a-z]+_pool)/threads:64(/start:[a-z]+)?$"
                     : "countdown/(subinterpreters|processes|interpreter_pool)/threads:64(/start:fork)?$";
    const auto result = run_on(spec, filter, {"--threads=64"});
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    EXPECT_EQ(names_of(saved()).size(), spec.empty() ? 7U : 3U);
    EXPECT_EQ(failed_of(saved()), Names{});
  }
}

// One GIL for each, and nobody waits for any of them.
TEST_F(Ways, HaveAGilForEachSubinterpreter) {
  std::size_t tried = 0;
  for (const std::string& spec : specs_of_pythons()) {
    SCOPED_TRACE(spec);
    const auto result =
        run_on(spec, "countdown/subinterpreters/threads:3",
               {"--threads=3", "--countdown-steps=2000000", "--gil-trace=gil.json", "--min-time=0.001"});
    ASSERT_EQ(result.exit_code, 0) << result.standard_error;
    if (!error_of_row("countdown/subinterpreters/threads:3").empty()) continue;
    if (gil_label_of(row("countdown/subinterpreters/threads:3")) == "no GIL") continue;
    ++tried;
    const Json timeline = Json::parse(read_text_file(folder().path() / "gil.json").value_or("null"));
    std::set<double> gils;
    for (const Json& event : timeline.at("traceEvents").elements()) {
      if (event.text("name", "") == "holding") gils.insert(event.at("args").at("gil").number());
    }
    EXPECT_GE(gils.size(), 3U);
    EXPECT_EQ(row("countdown/subinterpreters/threads:3").number("gil_wait_ns", -1), 0);
    EXPECT_GE(row("countdown/subinterpreters/threads:3").number("gil_acquires", -1), 3);
  }
  if (tried == 0)
    return skip_for_want_of(kOwnGil, "no interpreter here has subinterpreters with a GIL of their own");
}

TEST_F(Ways, AccountForWorkersByTheirOwnClocks) {
  const auto result = run_on("", "countdown/(processes|process_pool|thread_pool)/threads:2",
                             {"--countdown-steps=2000000", "--min-time=0.05"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  for (const std::string& way : {kFork, kSpawn, kProcessPool, kThreadPool}) {
    SCOPED_TRACE(way);
    const Json counters = row("countdown/" + way);
    double sum = 0;
    for (const auto& [name, value] : counters.items()) {
      if (name.starts_with("account_") && name != "account_cpu_ns" && name != "account_other_threads") {
        sum += value.number();
      }
    }
    EXPECT_NEAR(sum, 1, 0.001);
    EXPECT_GT(counters.number("account_cpu_ns", 0), 1e6);
    // Its process itself computes nothing.
    EXPECT_GT(counters.number("cpu_per_wall", 0) * counters.number("real_time", 0) * 1e6, 1e6);
  }
}

// The image is one; each worker has views of it.
TEST_F(Ways, RunAUsersScriptAsTheOthersDo) {
  const auto scripts = scripts_with(
      "import beside\n"
      "def run(begin, end):\n    return beside.count(begin, end)\n");
  folder().write("scripts/beside.py", "def count(begin, end):\n    return end - begin\n");
  for (const std::string& spec : specs_of_pythons()) {
    const auto result = run_on(spec, "countdown" + kAnyWay, {"--scripts=" + scripts.string()});
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    EXPECT_EQ(failed_of(saved()), Names{});
  }
}

TEST_F(Ways, EndWorkersThatDoNotEndByThemselves) {
  const auto scripts = scripts_with(kLeavesAThread);
  const auto result = run_on("", "countdown/(processes|process_pool)/threads:2(/start:fork)?$",
                             {"--scripts=" + scripts.string()});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(names_of(saved()).size(), 2U);
}

TEST_F(Ways, EndAllWorkersWhereOneFails) {
  const auto scripts = scripts_with(
      "def run(begin, end):\n"
      "    if begin == end: return 0\n"
      "    if begin == 0: raise ValueError('the first')\n"
      "    while True: pass\n");
  for (const std::string& spec : specs_of_pythons()) {
    const auto result = run_on(spec, "countdown" + kAnyWay, {"--scripts=" + scripts.string()});
    EXPECT_FALSE(result.timed_out);
    expect_each_says("ValueError: the first");
  }
}

class EndedWays : public Ways {
 protected:
  /// Sends the signal to the program while so many workers compute.
  void expect_ends(const std::string& spec, const std::string& row, int signal, std::size_t workers = 2) {
    SCOPED_TRACE(row);
    std::filesystem::remove_all(folder().path() / "started");
    std::filesystem::create_directory(folder().path() / "started");
    Arguments arguments{"--filter=^" + row + "$", "--scripts=" + scripts_.string(), "--min-time=3000"};
    if (!spec.empty()) arguments.push_back("--python=" + spec);
    Subprocess program(command(arguments));
    const auto started = [&] { return files_in(folder().path() / "started").size(); };
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (started() < workers && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(5ms);
    }
    ASSERT_GE(started(), workers);
    program.kill(signal);
    const auto result = program.wait(kPatience);
    if (signal == SIGKILL) return;
    EXPECT_EQ(result.exit_code, 128 + signal) << result.standard_error;
    EXPECT_EQ(result.standard_error.find("Traceback"), std::string::npos) << result.standard_error;
    EXPECT_EQ(saved().at("context").text("interrupted", ""), "by signal " + std::to_string(signal));
  }

  void expect_each_ends(int signal) {
    for (const std::string& spec : specs_of_pythons()) {
      SCOPED_TRACE(spec);
      for (const std::string& way : kWays) {
        run_on(spec, "countdown/" + way + "$", {"--countdown-steps=20"});
        if (!is_said_to_be_missing(error_of_row("countdown/" + way))) {
          expect_ends(spec, "countdown/" + way, signal);
        }
      }
    }
  }

  const std::filesystem::path scripts_ = scripts_with(
      "def run(begin, end):\n"
      "    if begin == end: return 0\n"
      "    open(f'started/{begin}', 'w').close()\n"
      "    while True:\n"
      "        pass\n");
};

TEST_F(EndedWays, ByCtrlCLeaveNothingBehind) {
  expect_each_ends(SIGINT);
}

// A pool may start one worker only before there is more to do, and threads import a script once.
TEST_F(EndedWays, ByCtrlCLeaveNothingBehindWhileTheirWorkersStart) {
  folder().write("scripts/countdown.py",
                 "import os, threading\n"
                 "open(f'started/{os.getpid()} {threading.get_ident()}', 'w').close()\n"
                 "while True:\n"
                 "    pass\n");
  for (const std::string& spec : specs_of_pythons()) {
    SCOPED_TRACE(spec);
    for (const std::string& way : {kFork, kForkserver, kSpawn, kThreadPool, kProcessPool}) {
      expect_ends(spec, "countdown/" + way, SIGINT, 1);
    }
  }
}

TEST_F(EndedWays, ByCtrlCLeaveNothingBehindWhileTheyAreStartedOverAndOver) {
  folder().write("scripts/start.py",
                 "import os, threading\n"
                 "def run(control, source, copy, begin, end):\n"
                 "    if control[0]:\n"
                 "        copy[begin:end] = source[begin:end]\n"
                 "        open(f'started/{os.getpid()} {threading.get_ident()}', 'w').close()\n");
  for (const std::string& spec : specs_of_pythons()) {
    SCOPED_TRACE(spec);
    for (const std::string way : {"processes/start:fork", "processes/start:forkserver",
                                  "processes/start:spawn", "thread_pool", "process_pool"}) {
      expect_ends(spec, "start/" + way + "/threads:2", SIGINT, 1);
    }
  }
}

TEST_F(EndedWays, ThatAreKilledLeaveNothingBehind) {
  expect_each_ends(SIGKILL);
}

}  // namespace
}  // namespace harness::ways_test
