// harness/end_to_end/terminal_test.cpp: what is different where the output is a terminal: colour, progress.
#include <unistd.h>

#include <algorithm>

#include "harness/end_to_end/test_program.h"
#include "harness/testing/skip.h"

namespace harness {
namespace {

const std::string kEscape = "\033[";
const std::string kRows = "--filter=countdown/(python|native)/";

class Terminal : public ProgramTest {
 protected:
  /// Runs it in a terminal of its own (script(1) of util-linux), with `redirection` in the shell's words.
  ProcessResult run_in_terminal(const Arguments& arguments, const Environment& environment = {},
                                const std::string& redirection = "") const {
    Command inner = command(arguments, environment);
    std::string line;
    for (const std::string& word : inner.argv) line += "'" + word + "' ";
    inner.argv = {"/usr/bin/script", "--quiet", "--return", "--command", line + redirection, "/dev/null"};
    inner.environment.try_emplace("TERM", "xterm");
    return run_subprocess(inner, kPatience);
  }

  void SetUp() override {
    if (::access("/usr/bin/script", X_OK) != 0) {
      return skip_for_want_of(kTerminal, "there is no script(1) to make a terminal");
    }
    const auto made = run_subprocess(
        {.argv = {"/usr/bin/script", "--quiet", "--return", "--command", "true", "/dev/null"}}, kPatience);
    if (!made.succeeded()) {
      skip_for_want_of(kTerminal, "no pseudo-terminal can be made: " + made.standard_error);
    }
  }
};

TEST_F(Terminal, ShowsColoursByItself) {
  const auto result = run_in_terminal({kRows}, {}, "2>/dev/null");
  EXPECT_EQ(result.exit_code, 0);
  expect_holds(result.standard_output, {kEscape});
}

TEST_F(Terminal, ShowsNoneWhereTheUserOrTheTerminalDoesNotWantThem) {
  EXPECT_EQ(count_of(run_in_terminal({kRows}, {{"NO_COLOR", "1"}}, "2>/dev/null").standard_output, kEscape),
            0U);
  EXPECT_EQ(count_of(run_in_terminal({kRows}, {{"TERM", "dumb"}}, "2>/dev/null").standard_output, kEscape),
            0U);
  EXPECT_EQ(count_of(run_in_terminal({kRows, "--color=never"}, {}, "2>/dev/null").standard_output, kEscape),
            0U);
}

TEST_F(Terminal, ShowsColoursInSpiteOfNoColorWhereTheFlagSaysSo) {
  const auto result = run_in_terminal({kRows, "--color=always"}, {{"NO_COLOR", "1"}}, "2>/dev/null");
  expect_holds(result.standard_output, {kEscape});
}

TEST_F(Terminal, ShowsProgressOnStandardError) {
  const auto result = run_in_terminal({kRows, "--format=json"}, {}, ">/dev/null");
  expect_holds(result.standard_output,
               {"[1/2] countdown/python/threads:1", "[2/2] countdown/native/threads:1"});
}

/// What is on the terminal in the end: a line that was taken away is not.
std::vector<std::string> lines_left(const std::string& shown) {
  const std::string kTakenAway = "\r\033[K";
  std::vector<std::string> lines{""};
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (shown.compare(i, kTakenAway.size(), kTakenAway) == 0) {
      lines.back().clear();
      i += kTakenAway.size() - 1;
    } else if (shown[i] == '\n') {
      lines.emplace_back();
    } else if (shown[i] != '\r') {
      lines.back() += shown[i];
    }
  }
  return lines;
}

void expect_lines_begin(const ProcessResult& result, const std::vector<std::string>& begins) {
  const std::vector<std::string> lines = lines_left(result.standard_output);
  for (const std::string& begin : begins) {
    const auto begins_so = [&](const std::string& line) { return line.starts_with(begin); };
    EXPECT_TRUE(std::ranges::any_of(lines, begins_so)) << begin << "\nis not in\n" << result.standard_output;
  }
}

TEST_F(Terminal, ShowsWhatAProcessOfAComparisonSaidOnLinesOfItsOwn) {
  std::filesystem::copy(HARNESS_SCRIPTS_FOLDER, folder().path() / "scripts");
  folder().write("scripts/countdown.py",
                 "import os, sys\n"
                 "if 'CRASH' in os.environ:\n"
                 "    print('last words', end='', file=sys.stderr, flush=True)\n"
                 "    os.kill(os.getpid(), 11)\n"
                 "def run(begin, end): return end - begin\n");
  const std::string python = HARNESS_LIBPYTHON;
  const auto result = run_in_terminal({"--python=a=" + python, "--python=bad=" + python + ",CRASH=1",
                                       "--rounds=1", "--scripts=scripts", "--filter=^countdown/python/"},
                                      {}, ">/dev/null");
  EXPECT_EQ(result.exit_code, 1);
  expect_lines_begin(result, {"bad, round 1: crashed (SIGSEGV)", "last words"});
  EXPECT_GE(count_of(result.standard_output, "[1/1] round 1"), 2U) << "it is shown again after the message";
}

TEST_F(Terminal, ShowsWhatARowFailedByOnLinesOfItsOwn) {
  std::filesystem::copy(HARNESS_SCRIPTS_FOLDER, folder().path() / "scripts");
  folder().write("scripts/countdown.py", "def run(begin, end): raise ValueError('no')\n");
  const auto result = run_in_terminal(
      {"--scripts=scripts", "--filter=countdown/(python/|processes/.*start:fork$)"}, {}, ">/dev/null");
  EXPECT_EQ(result.exit_code, 1);
  expect_lines_begin(
      result, {"countdown/python/threads:1 failed:", "countdown/processes/threads:2/start:fork failed:",
               "Traceback", "ValueError: no"});
}

TEST_F(Terminal, IsNotWhatAFileIs) {
  const auto result = run({kRows});
  EXPECT_EQ(count_of(result.standard_output, kEscape), 0U);
  EXPECT_EQ(count_of(result.standard_error, kEscape), 0U);
  EXPECT_EQ(count_of(result.standard_error, "[1/2]"), 0U);
  expect_holds(run({kRows, "--color=always", "--out=coloured"}).standard_output, {kEscape});
}

}  // namespace
}  // namespace harness
