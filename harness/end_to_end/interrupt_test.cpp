// harness/end_to_end/interrupt_test.cpp: Ctrl-C ends a run soon, whatever runs, and keeps what is finished.
#include <signal.h>

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
    Subprocess program(command(arguments));
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
