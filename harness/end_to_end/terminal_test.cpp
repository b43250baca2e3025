// harness/end_to_end/terminal_test.cpp: what is different where the output is a terminal: colour, progress.
#include <unistd.h>

#include "harness/end_to_end/test_program.h"

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
    if (::access("/usr/bin/script", X_OK) != 0) GTEST_SKIP() << "there is no script(1) to make a terminal";
    const auto made = run_subprocess(
        {.argv = {"/usr/bin/script", "--quiet", "--return", "--command", "true", "/dev/null"}}, kPatience);
    if (!made.succeeded()) GTEST_SKIP() << "no pseudo-terminal can be made: " << made.standard_error;
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

TEST_F(Terminal, IsNotWhatAFileIs) {
  const auto result = run({kRows});
  EXPECT_EQ(count_of(result.standard_output, kEscape), 0U);
  EXPECT_EQ(count_of(result.standard_error, kEscape), 0U);
  EXPECT_EQ(count_of(result.standard_error, "[1/2]"), 0U);
  expect_holds(run({kRows, "--color=always", "--out=coloured"}).standard_output, {kEscape});
}

}  // namespace
}  // namespace harness
