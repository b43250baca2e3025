// harness/end_to_end/interrupt_test.cpp: Ctrl-C ends a run soon, whatever runs, and keeps what is finished.
#include <signal.h>

#include <fstream>
#include <thread>

#include "harness/end_to_end/test_program.h"

namespace harness {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

// It takes less than a second on an idle machine; these tests share theirs with others.
constexpr auto kSoon = 5s;

// A slice that ends in hours, after it has said that it runs.
const std::string kEndless =
    "def run(begin, end):\n"
    "    open('started', 'w').close()\n"
    "    while True:\n"
    "        pass\n";

class Interrupt : public ProgramTest {
 protected:
  /// A scripts folder in which sum_of_squares, which comes after countdown, is `text`.
  std::string scripts_with(const std::string& text) const {
    std::filesystem::copy(HARNESS_SCRIPTS_FOLDER, folder().path() / "scripts");
    folder().write("scripts/sum_of_squares.py", text);
    return "--scripts=scripts";
  }

  /// Starts the program, and sends the signal when `sign` has appeared; where that is the results' folder,
  /// which is there before the first row begins, a moment later.
  ProcessResult interrupt(int signal, const Arguments& arguments, const std::filesystem::path& sign) const {
    return interrupt(signal, command(arguments), sign);
  }

  ProcessResult interrupt(int signal, const Command& started, const std::filesystem::path& sign) const {
    Subprocess program(started);
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!std::filesystem::exists(folder().path() / sign) && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(10ms);
    }
    if (sign == "out") std::this_thread::sleep_for(200ms);
    program.kill(signal);
    return program.wait(kSoon);
  }

  void expect_saved(const ProcessResult& result, int signal, const Names& finished) const {
    EXPECT_EQ(result.exit_code, 128 + signal) << result.standard_error;
    expect_no_crash(result);
    expect_nothing_half_written();
    const auto json = saved();
    EXPECT_EQ(names_of(json), finished);
    EXPECT_EQ(failed_of(json), Names{});
    EXPECT_EQ(json.at("context").text("interrupted", ""), "by signal " + std::to_string(signal));
  }
};

const std::string kFinishedThenEndless = "--filter=countdown/python/|sum_of_squares/python";
const Names kFinished{"countdown/python/threads:1"};

TEST_F(Interrupt, EndsAPythonSliceAndSavesTheFinishedRows) {
  const auto result = interrupt(SIGINT, {kFinishedThenEndless, scripts_with(kEndless)}, "started");
  expect_saved(result, SIGINT, kFinished);
  expect_holds(result.standard_output, {"countdown\n  python/threads:1 ", (out() / "result.json").string()});
}

TEST_F(Interrupt, EndsARowOfWhichSomeRepetitionsAreFinished) {
  const auto scripts = scripts_with(
      "calls = 0\n"
      "def run(begin, end):\n"
      "    global calls\n"
      "    calls += begin < end\n"
      "    if calls == 4:\n"
      "        open('started', 'w').close()\n"
      "        while True:\n"
      "            pass\n"
      "    return sum(i * i for i in range(begin + 1, end + 1))\n");
  const Names finished(4, "countdown/python/threads:1");
  expect_saved(interrupt(SIGINT, {kFinishedThenEndless, scripts, "--sum-n=20", "--repetitions=4"}, "started"),
               SIGINT, finished);
}

TEST_F(Interrupt, EndsTheProjectsOwnScript) {
  expect_saved(interrupt(SIGINT, {"--filter=countdown/python", "--countdown-steps=1000000000000"}, "out"),
               SIGINT, {});
}

TEST_F(Interrupt, EndsATeamThatContends) {
  const auto scripts = scripts_with(kEndless);
  expect_saved(
      interrupt(SIGINT, {"--filter=countdown/python/|sum_of_squares/python_threads", scripts}, "started"),
      SIGINT, kFinished);
}

// Nobody gets the GIL for as long as the interval says, so that the script cannot be asked to stop.
TEST_F(Interrupt, DoesNotWaitForTheSwitchInterval) {
  const auto scripts = scripts_with(kEndless);
  expect_saved(interrupt(SIGINT, {kFinishedThenEndless, scripts, "--switch-interval=50"}, "started"), SIGINT,
               kFinished);
}

TEST_F(Interrupt, EndsNativeCodeThatReleasedTheGil) {
  expect_saved(interrupt(SIGINT, {"--filter=countdown/native/", "--countdown-steps=1000000000000"}, "out"),
               SIGINT, {});
}

TEST_F(Interrupt, EndsNativeCodeWithThreadsOfItsOwn) {
  expect_saved(
      interrupt(SIGINT, {"--filter=countdown/openmp/threads:2", "--countdown-steps=1000000000000"}, "out"),
      SIGINT, {});
}

TEST_F(Interrupt, EndsNativeCodeThatHoldsTheGil) {
  expect_saved(
      interrupt(SIGINT, {"--filter=countdown/native_gil_held/", "--countdown-steps=1000000000000"}, "out"),
      SIGINT, {});
}

TEST_F(Interrupt, EndsAScriptThatCatchesEverything) {
  const auto scripts = scripts_with(
      "def run(begin, end):\n"
      "    open('started', 'w').close()\n"
      "    while True:\n"
      "        try:\n"
      "            while True:\n"
      "                pass\n"
      "        except BaseException:\n"
      "            pass\n");
  expect_saved(interrupt(SIGINT, {kFinishedThenEndless, scripts}, "started"), SIGINT, kFinished);
}

TEST_F(Interrupt, EndsAScriptThatSleeps) {
  const auto scripts = scripts_with(
      "import time\n"
      "def run(begin, end):\n"
      "    open('started', 'w').close()\n"
      "    time.sleep(3600)\n");
  expect_saved(interrupt(SIGINT, {kFinishedThenEndless, scripts}, "started"), SIGINT, kFinished);
}

TEST_F(Interrupt, EndsAScriptThatIsStillBeingImported) {
  const auto scripts = scripts_with("open('started', 'w').close()\nwhile True:\n    pass\n");
  expect_saved(interrupt(SIGINT, {kFinishedThenEndless, scripts}, "started"), SIGINT, kFinished);
}

TEST_F(Interrupt, LeavesStandardOutputEmptyOrWhole) {
  const auto result =
      interrupt(SIGINT, {kFinishedThenEndless, scripts_with(kEndless), "--format=json"}, "started");
  expect_saved(result, SIGINT, kFinished);
  if (!result.standard_output.empty()) {
    EXPECT_EQ(Json::parse(result.standard_output), saved());
  }
}

TEST_F(Interrupt, LeavesNoProcessBehindThatAScriptStarted) {
  const auto scripts = scripts_with(
      "import multiprocessing, os\n"
      "def work(number):\n"
      "    open('child', 'a').write(f'{os.getpid()}\\n')\n"
      "    os.rename('child', 'started')\n"
      "    while True:\n"
      "        pass\n"
      "def run(begin, end):\n"
      "    with multiprocessing.get_context('fork').Pool(1) as pool:\n"
      "        pool.map(work, [0])\n");
  expect_saved(interrupt(SIGINT, {kFinishedThenEndless, scripts}, "started"), SIGINT, kFinished);
  std::string child;
  std::getline(std::ifstream(folder().path() / "started"), child);
  expect_process_ends(child);
}

// As a daemon is started: its parent has ended.
TEST_F(Interrupt, LeavesNoOrphanBehindThatAScriptMade) {
  const auto scripts = scripts_with(
      "import os, time\n"
      "def run(begin, end):\n"
      "    if begin == end: return\n"
      "    pid = os.fork()\n"
      "    if pid == 0:\n"
      "        if os.fork() == 0:\n"
      "            os.setsid()\n"
      "            open('child', 'w').write(f'{os.getpid()}\\n')\n"
      "            os.rename('child', 'started')\n"
      "            time.sleep(3600)\n"
      "        os._exit(0)\n"
      "    os.waitpid(pid, 0)\n"
      "    while True:\n"
      "        pass\n");
  expect_saved(interrupt(SIGTERM, {kFinishedThenEndless, scripts}, "started"), SIGTERM, kFinished);
  std::string orphan;
  std::getline(std::ifstream(folder().path() / "started"), orphan);
  expect_process_ends(orphan);
}

// Before anything is timed.
TEST_F(Interrupt, EndsWhileAnInterpreterIsAsked) {
  const auto slow =
      folder().write("python", "#!/bin/sh\necho $$ >asked\nmv asked started\nexec sleep 3600\n");
  std::filesystem::permissions(slow, std::filesystem::perms::owner_all);
  const auto result = interrupt(SIGINT, {"--python=" + slow.string()}, "started");
  EXPECT_EQ(result.exit_code, 128 + SIGINT) << result.standard_error;
  std::string asked;
  std::getline(std::ifstream(folder().path() / "started"), asked);
  expect_process_ends(asked);
}

// multiprocessing ends its workers by SIGTERM.
TEST_F(Interrupt, IsNoneWhereAScriptEndsProcessesOfItsOwn) {
  const auto scripts = scripts_with(
      "import multiprocessing\n"
      "def square(i):\n"
      "    return i * i\n"
      "def run(begin, end):\n"
      "    with multiprocessing.get_context('fork').Pool(2) as pool:\n"
      "        return sum(pool.map(square, range(begin + 1, end + 1)))\n");
  const auto result = run({"--filter=sum_of_squares/python/", "--sum-n=20", scripts});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(failed_of(saved()), Names{});
}

// As by Ctrl-Z and fg: the clock goes on meanwhile. The script does so in the second of two repetitions.
TEST_F(Interrupt, IsNoneWhereTheProcessIsStoppedButItsRowSaysSo) {
  const auto scripts = scripts_with(
      "import os, signal, subprocess\n"
      "calls = 0\n"
      "def run(begin, end):\n"
      "    global calls\n"
      "    calls += begin < end\n"
      "    if calls == 3:\n"
      "        subprocess.Popen(['/bin/sh', '-c', f'sleep 0.2; kill -CONT {os.getpid()}'])\n"
      "        os.kill(os.getpid(), signal.SIGSTOP)\n"
      "    return sum(i * i for i in range(begin + 1, end + 1))\n");
  const auto result = run({"--filter=sum_of_squares/python/", "--sum-n=20", "--repetitions=2", scripts});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  const auto label = [&](std::size_t repetition) {
    return saved().at("benchmarks").at(repetition).text("label", "");
  };
  EXPECT_EQ(label(0), "");
  EXPECT_EQ(label(1), "the process was stopped meanwhile: the time is too long");
}

TEST_F(Interrupt, IsNoneWhereTheSignalIsIgnoredAsNohupDoes) {
  const auto scripts = scripts_with(
      "import time\n"
      "def run(begin, end):\n"
      "    if begin < end:\n"
      "        open('started', 'w').close()\n"
      "        time.sleep(0.3)\n"
      "    return sum(i * i for i in range(begin + 1, end + 1))\n");
  Command ignoring = command({kFinishedThenEndless, "--threads=1", "--sum-n=20", scripts});
  ignoring.argv.insert(ignoring.argv.begin(), {"/bin/sh", "-c", "trap '' HUP; exec \"$@\"", "sh"});
  const auto result = interrupt(SIGHUP, ignoring, "started");
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(saved().at("context").text("interrupted", ""), "");
}

TEST_F(Interrupt, IsTheSameForOtherSignals) {
  const auto scripts = scripts_with(kEndless);
  for (const int signal : {SIGTERM, SIGHUP}) {
    SCOPED_TRACE(signal);
    std::filesystem::remove_all(out());
    std::filesystem::remove(folder().path() / "started");
    expect_saved(interrupt(signal, {kFinishedThenEndless, scripts}, "started"), signal, kFinished);
  }
}

}  // namespace
}  // namespace harness
