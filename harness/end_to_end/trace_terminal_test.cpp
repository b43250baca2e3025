// harness/end_to_end/trace_terminal_test.cpp: a traced program at a terminal.
#include <signal.h>
#include <sys/wait.h>

#include "harness/end_to_end/pseudo_terminal.h"
#include "harness/end_to_end/trace_fixture.h"
#include "harness/testing/skip.h"

namespace harness {
namespace {

// Python does not look for signals between a line and a sleep in the next one, so it sleeps often.
const std::string kSleeps =
    "import time; print('sle' + 'eps', flush=True); [time.sleep(0.05) for _ in range(1200)]";
const std::string kPrompt = "shell% ";

/// A shell that controls jobs.
Command shell() {
  return {.argv = {"/bin/sh", "-i"},
          .environment = {{"PS1", kPrompt}, {"ENV", ""}, {"TERM", "dumb"}},
          .working_directory = "/"};
}

/// The program for a shell.
std::string line_of(const Command& program) {
  std::string line = "cd " + program.working_directory.string() + ";";
  for (const std::string& word : program.argv) line += " '" + word + "'";
  return line;
}

class TracedAtTerminals : public TraceTest {
 protected:
  void SetUp() override {
    TraceTest::SetUp();
    if (!PseudoTerminal::can_be_had()) skip_for_want_of(kTerminal, "no pseudo-terminal can be made");
  }

  // A terminal that knows little: Python's own prompt is then a plain one.
  static Environment plain_terminal() { return {{"TERM", "dumb"}, {"PYTHON_BASIC_REPL", "1"}}; }

  /// Once as python, once under a trace. `test` gives back what waitpid() has said, which is the same.
  int on_both(const Interpreter& python, const Arguments& words,
              const std::function<int(const Command&)>& test) const {
    const auto status_of = [&](const char* what, const Command& program) {
      SCOPED_TRACE(what);
      return test(program);
    };
    const int status = status_of("python", plain(python, words, plain_terminal()));
    EXPECT_EQ(status_of("harness trace", traced(python, words, plain_terminal())), status);
    return status;
  }
};

TEST_F(TracedAtTerminals, AreInteractive) {
  on_each(kAnyPython, [&](const Interpreter& python) {
    on_both(python, {}, [](const Command& program) {
      PseudoTerminal terminal(program);
      EXPECT_TRUE(terminal.shows(">>> ")) << terminal.shown();
      terminal.type("print(6 * 7)\r");
      EXPECT_TRUE(terminal.shows("\r\n42\r\n")) << terminal.shown();
      terminal.type("import os; os.getpgrp() == os.tcgetpgrp(0)\r");
      EXPECT_TRUE(terminal.shows("\r\nTrue\r\n")) << terminal.shown();
      terminal.type(kSleeps + "\r");
      EXPECT_TRUE(terminal.shows("sleeps\r\n")) << terminal.shown();
      terminal.type("\003");
      EXPECT_TRUE(terminal.shows("KeyboardInterrupt")) << terminal.shown();
      EXPECT_TRUE(terminal.shows(">>> ")) << terminal.shown();
      terminal.type("exit(5)\r");
      return terminal.wait();
    });
    EXPECT_FALSE(report().is_null());
  });
}

TEST_F(TracedAtTerminals, EndByCtrlC) {
  on_each(kAnyPython, [&](const Interpreter& python) {
    const int status = on_both(python, {"-c", kSleeps}, [](const Command& program) {
      PseudoTerminal terminal(program);
      EXPECT_TRUE(terminal.shows("sleeps\r\n")) << terminal.shown();
      terminal.type("\003");
      const int ended = terminal.wait();
      EXPECT_EQ(count_of(terminal.shown(), "KeyboardInterrupt"), 1U) << terminal.shown();
      return ended;
    });
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) << status;
    expect_holds(report().text("end", ""), {"signal 2"});
  });
}

TEST_F(TracedAtTerminals, AreToldOnceOfCtrlC) {
  folder().write("program.py",
                 "import signal, time\n"
                 "told = []\n"
                 "signal.signal(signal.SIGINT, lambda number, frame: told.append(number))\n"
                 "print('rea' + 'dy', flush=True)\n"
                 "while not told: time.sleep(0.01)\n"
                 "time.sleep(0.1)\n"
                 "print('told', len(told))\n");
  on_each(kAnyPython, [&](const Interpreter& python) {
    const int status = on_both(python, {"program.py"}, [](const Command& program) {
      PseudoTerminal terminal(program);
      EXPECT_TRUE(terminal.shows("ready")) << terminal.shown();
      terminal.type("\003");
      const int ended = terminal.wait();
      expect_holds(terminal.shown(), {"told 1\r\n"});
      return ended;
    });
    EXPECT_EQ(status, 0);
  });
}

TEST_F(TracedAtTerminals, AreStoppedAndGoOn) {
  folder().write("program.py", "print('rea' + 'dy', flush=True)\nprint('goes ' + 'on with', input())\n");
  on_each(kAnyPython, [&](const Interpreter& python) {
    const int status = on_both(python, {"program.py"}, [](const Command& program) {
      PseudoTerminal terminal(shell());
      EXPECT_TRUE(terminal.shows(kPrompt)) << terminal.shown();
      terminal.type(line_of(program) + "; echo status $?\r");
      EXPECT_TRUE(terminal.shows("ready\r\n")) << terminal.shown();
      terminal.type("\032");
      EXPECT_TRUE(terminal.shows("status 148")) << terminal.shown();  // 128 + SIGTSTP
      EXPECT_TRUE(terminal.shows("Stopped")) << terminal.shown();
      EXPECT_TRUE(terminal.shows(kPrompt)) << terminal.shown();
      terminal.type("fg\r");
      EXPECT_TRUE(terminal.shows("program.py")) << terminal.shown();
      terminal.type("words\r");
      EXPECT_TRUE(terminal.shows("goes on with words")) << terminal.shown();
      EXPECT_TRUE(terminal.shows(kPrompt)) << terminal.shown();
      terminal.type("exit 6\r");
      return terminal.wait();
    });
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 6) << status;
    EXPECT_EQ(report().text("end", ""), "exit status 0");
  });
}

// In the background nobody may read from the terminal.
TEST_F(TracedAtTerminals, MayBeInTheBackground) {
  folder().write("program.py", "print('rea' + 'dy', flush=True)\nprint('rea' + 'd', input())\n");
  on_each(kAnyPython, [&](const Interpreter& python) {
    const int status = on_both(python, {"program.py"}, [](const Command& program) {
      PseudoTerminal terminal(shell());
      EXPECT_TRUE(terminal.shows(kPrompt)) << terminal.shown();
      terminal.type(line_of(program) + " &\r");
      EXPECT_TRUE(terminal.shows("ready\r\n")) << terminal.shown();
      // A shell says so when it is asked.
      bool stopped = false;
      for (int i = 0; i < 200 && !stopped; ++i) {
        terminal.type("sleep 0.05; jobs; echo as''ked\r");
        EXPECT_TRUE(terminal.shows("asked")) << terminal.shown();
        stopped = terminal.shown().find("Stopped (tty input)") != std::string::npos;
      }
      EXPECT_TRUE(stopped) << terminal.shown();
      terminal.type("fg\r");
      EXPECT_TRUE(terminal.shows("fg\r\n")) << terminal.shown();
      EXPECT_TRUE(terminal.shows("program.py")) << terminal.shown();
      terminal.type("words\r");
      EXPECT_TRUE(terminal.shows("read words")) << terminal.shown();
      EXPECT_TRUE(terminal.shows(kPrompt)) << terminal.shown();
      terminal.type("exit 6\r");
      return terminal.wait();
    });
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 6) << status;
  });
}

TEST_F(TracedAtTerminals, EndWhereTheTerminalIsClosed) {
  on_each(kAnyPython, [&](const Interpreter& python) {
    const int status = on_both(python, {"-c", kSleeps}, [](const Command& program) {
      PseudoTerminal terminal(program);
      EXPECT_TRUE(terminal.shows("sleeps\r\n")) << terminal.shown();
      terminal.hang_up();
      return terminal.wait();
    });
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGHUP) << status;
    expect_holds(report().text("end", ""), {"signal 1"});
  });
}

}  // namespace
}  // namespace harness
