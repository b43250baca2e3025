// harness/end_to_end/trace_ends_test.cpp: however a traced program ends, its report comes, and `harness
// trace` ends as it has ended.
#include <signal.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "harness/end_to_end/trace_fixture.h"
#include "harness/system/text.h"

namespace harness {
namespace {

using namespace std::chrono_literals;

class TracedEnds : public TraceTest {
 protected:
  /// Starts it, and sends the signals to `harness trace` itself when the program has made the file "started".
  ProcessResult signalled(const Command& program, const std::vector<int>& signals) const {
    std::filesystem::remove(started());
    Subprocess process(program);
    await_start();
    for (const int signal : signals) process.kill(signal);
    return process.wait(kPatience);
  }

  void await_start() const {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!std::filesystem::exists(started()) && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(5ms);
    }
  }

  std::filesystem::path started() const { return folder().path() / "started"; }
};

// In it, start() says that the program has come so far, and who it is. Python does not look for signals right
// before it sleeps, so sleep() does so often.
constexpr const char* kStart =
    "import os, signal, sys, time\n"
    "def start():\n"
    "    with open('starting', 'w') as file:\n"
    "        file.write(str(os.getpid()))\n"
    "    os.rename('starting', 'started')\n"
    "def sleep():\n"
    "    while True: time.sleep(0.05)\n";

struct WayToEnd {
  const char* code;
  const char* end;  ///< in the report's words
};

constexpr WayToEnd kWaysToEnd[] = {
    {"print('to the end')", "exit status 0"},
    {"sys.exit(7)", "exit status 7"},
    {"sys.exit('words')", "exit status 1"},
    {"os._exit(9)", "exit status 9"},
    {"ctypes.CDLL(None).exit(5)", "exit status 5"},
    {"1 / 0", "exit status 1"},
    {"atexit.register(os._exit, 4)", "exit status 4"},
    {"threading.Thread(target=os._exit, args=(6,)).start(); time.sleep(60)", "exit status 6"},
    {"threading.Thread(target=time.sleep, args=(0.05,)).start(); print('ends first')", "exit status 0"},
    {"os.kill(os.getpid(), signal.SIGINT); time.sleep(60)", "signal 2 (Interrupt)"},
    {"os.kill(os.getpid(), signal.SIGTERM)", "signal 15 (Terminated)"},
    {"os.kill(os.getpid(), signal.SIGSEGV)", "signal 11 (Segmentation fault)"},
    {"os.kill(os.getpid(), signal.SIGKILL)", "signal 9 (Killed)"},
    {"signal.signal(signal.SIGPIPE, signal.SIG_DFL); os.kill(os.getpid(), signal.SIGPIPE)",
     "signal 13 (Broken pipe)"},
    {"os.abort()", "signal 6 (Aborted)"},
    {"os.kill(os.getpid(), signal.SIGRTMIN + 3)", "signal 37 (Real-time signal 3)"},
};

TEST_F(TracedEnds, AreThePrograms) {
  on_each(kAnyPython, [&](const Interpreter& python) {
    for (const WayToEnd& way : kWaysToEnd) {
      SCOPED_TRACE(way.code);
      folder().write("program.py", "import atexit, ctypes, os, signal, sys, threading, time\n" +
                                       std::string(way.code) + "\n");
      std::filesystem::remove(report_file());
      const TracedRun run = trace(python, {"program.py"});
      expect_as_under_python(run.result, run_subprocess(plain(python, {"program.py"}), kPatience));
      EXPECT_EQ(run.report.text("end", ""), way.end);
      expect_holds(run.result.standard_error, {way.end});
    }
  });
}

TEST_F(TracedEnds, AreToldWithTheProgramsOwnLastWords) {
  on_each(kAnyPython, [&](const Interpreter& python) {
    const TracedRun run = trace(python, {"-X", "faulthandler", "-c", "import os; os.kill(os.getpid(), 11)"});
    EXPECT_EQ(run.result.signal, SIGSEGV);
    expect_holds(run.result.standard_error, {"Fatal Python error: Segmentation fault",
                                             "File \"<string>\", line 1", "\nharness trace\n"});
  });
}

TEST_F(TracedEnds, AreTheStatusWhoeverReadsTheReport) {
  on_each(kAnyPython, [&](const Interpreter& python) {
    const auto program = traced(python, {"-c", "raise SystemExit(7)"});
    for (const char* const to : {"2>/dev/full", "2>&-", "2>&1 | true"}) {
      SCOPED_TRACE(to);
      folder().write("status", "");
      run_subprocess(in_shell("( \"$@\"; echo $? >status ) " + std::string(to), program), kPatience);
      EXPECT_EQ(read_text_file(folder().path() / "status"), "7\n");
      EXPECT_EQ(report().text("end", ""), "exit status 7");
    }
  });
}

TEST_F(TracedEnds, ComeBySignalsThatReachTheTracer) {
  folder().write("program.py", kStart + std::string("start()\nsleep()\n"));
  on_each(kAnyPython, [&](const Interpreter& python) {
    for (const int number : {SIGTERM, SIGHUP, SIGUSR1, SIGINT}) {
      SCOPED_TRACE(number);
      const auto result = signalled(traced(python, {"program.py"}), {number});
      EXPECT_EQ(result.signal, number) << result.standard_error;
      expect_holds(report().text("end", ""), {"signal " + std::to_string(number) + " ("});
    }
  });
}

TEST_F(TracedEnds, AreTheProgramsOwnAnswerToSignals) {
  folder().write("program.py", kStart + std::string("told = []\n"
                                                    "for number in (1, 2, 10, 12, 15, 36):\n"
                                                    "    signal.signal(number, lambda n, _: told.append(n))\n"
                                                    "start()\n"
                                                    "while len(set(told)) < 6: time.sleep(0.01)\n"
                                                    "print(sorted(told))\n"
                                                    "sys.exit(5)\n"));
  on_each(kAnyPython, [&](const Interpreter& python) {
    const auto result = signalled(traced(python, {"program.py"}), {1, 36, 2, 15, 12, 10});
    EXPECT_EQ(result.exit_code, 5) << result.standard_error;
    EXPECT_EQ(result.standard_output, "[1, 2, 10, 12, 15, 36]\n");
  });
}

// A process group has the program in it, and this one.
TEST_F(TracedEnds, DoNotComeTwiceBySignalsThatAProgramSendsItsGroup) {
  folder().write("program.py",
                 "import os, signal, time\n"
                 "told = []\n"
                 "signal.signal(signal.SIGTERM, lambda n, _: told.append(n))\n"
                 "os.killpg(os.getpgrp(), signal.SIGTERM)\n"
                 "time.sleep(0.1)\n"
                 "print(told)\n");
  on_each(kAnyPython, [&](const Interpreter& python) {
    const TracedRun run = trace(python, {"program.py"});
    EXPECT_EQ(run.result.exit_code, 0) << run.result.standard_error;
    EXPECT_EQ(run.result.standard_output, "[15]\n");
  });
}

TEST_F(TracedEnds, DoNotComeBySignalsThatAreIgnored) {
  folder().write("program.py", kStart + std::string("start()\ntime.sleep(0.1)\nprint('done')\n"));
  on_each(kAnyPython, [&](const Interpreter& python) {
    const auto result =
        signalled(in_shell("trap '' HUP INT; exec \"$@\"", traced(python, {"program.py"})), {SIGHUP, SIGINT});
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    EXPECT_EQ(result.standard_output, "done\n");
  });
}

/// Whether this process runs: not ended, and not only waiting to be reaped by somebody.
bool is_running(const std::string& process) {
  std::string stat;
  std::getline(std::ifstream("/proc/" + process + "/stat"), stat);
  const std::size_t name_end = stat.rfind(") ");
  return name_end != std::string::npos && stat[name_end + 2] != 'Z';
}

TEST_F(TracedEnds, ComeWithTheTracersOwn) {
  folder().write("program.py", kStart + std::string("start()\nsleep()\n"));
  on_each(kAnyPython, [&](const Interpreter& python) {
    EXPECT_EQ(signalled(traced(python, {"program.py"}), {SIGKILL}).signal, SIGKILL);
    const std::string program = read_text_file(started()).value_or("");
    ASSERT_FALSE(program.empty());
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (is_running(program) && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(5ms);
    }
    EXPECT_FALSE(is_running(program));
    EXPECT_FALSE(std::filesystem::exists(report_file()));
  });
}

TEST_F(TracedEnds, AreNoEndOfChildren) {
  folder().write("program.py",
                 "import os, warnings\n"
                 "warnings.simplefilter('ignore')\n"
                 "for status in (3, 4):\n"
                 "    child = os.fork()\n"
                 "    if child == 0:\n"
                 "        sum(range(1000))\n"
                 "        os._exit(status)\n"
                 "    print(child, flush=True)\n"
                 "    os.waitpid(child, 0)\n");
  on_each(kAnyPython, [&](const Interpreter& python) {
    const TracedRun run = trace(python, {"program.py"});
    EXPECT_EQ(run.report.text("end", ""), "exit status 0");
    std::istringstream children(run.result.standard_output);
    std::string first, second;
    children >> first >> second;
    expect_holds(notes_of(run.report), {"not traced: 2 processes", first, second});
    EXPECT_NE(run.report.at("process").number(), std::stod(first));
  });
}

TEST_F(TracedEnds, AreTheTracesWhereTheProgramBecomesAnother) {
  on_each(kAnyPython, [&](const Interpreter& python) {
    const TracedRun run = trace(python, {"-c",
                                         "import os\n"
                                         "print('before', flush=True)\n"
                                         "os.execv('/bin/sh', ['sh', '-c', 'echo behind; exit 3'])\n"});
    EXPECT_EQ(run.result.exit_code, 3) << run.result.standard_error;
    EXPECT_EQ(run.result.standard_output, "before\nbehind\n");
    expect_holds(notes_of(run.report), {"/bin/sh", "exec"});
    EXPECT_EQ(run.report.text("end", ""), "exit status 3");
    EXPECT_GE(run.report.at("threads_ever").number(), 1);
  });
}

TEST_F(TracedEnds, AreNotTheTracesWhereExecFails) {
  on_each(kAnyPython, [&](const Interpreter& python) {
    const TracedRun run = trace(python, {"-c",
                                         "import os\n"
                                         "for execute in (os.execv, os.execvp):\n"
                                         "    try:\n"
                                         "        execute('/no/such/program', ['program'])\n"
                                         "    except FileNotFoundError as error:\n"
                                         "        print(error)\n"});
    EXPECT_EQ(run.result.exit_code, 0) << run.result.standard_error;
    EXPECT_EQ(count_of(run.result.standard_output, "No such file"), 2U);
    EXPECT_EQ(notes_of(run.report), "");
  });
}

// Another trace would need another `harness trace`.
TEST_F(TracedEnds, AreTheTracesWhereTheProgramBecomesItselfAnew) {
  folder().write("program.py",
                 "import os, sys\n"
                 "if sys.argv[1:]: sys.exit(8)\n"
                 "os.execv(sys.executable, [sys.executable, 'program.py', 'again'])\n");
  on_each(kAnyPython, [&](const Interpreter& python) {
    const TracedRun run = trace(python, {"program.py"});
    EXPECT_EQ(run.result.exit_code, 8) << run.result.standard_error;
    expect_holds(notes_of(run.report), {"exec"});
  });
}

TEST_F(TracedEnds, AreToldInAFileOfTheStartsFolder) {
  folder().write("program.py", "import os\nos.chdir('/')\n");
  on_each(kAnyPython, [&](const Interpreter& python) {
    const auto file = folder().path() / "relative.json";
    std::filesystem::remove(file);
    Command program = traced(python, {"program.py"});
    program.argv[3] = "--report=relative.json";
    EXPECT_EQ(run_subprocess(program, kPatience).exit_code, 0);
    const Json written = Json::parse(read_text_file(file).value_or("null"));
    EXPECT_EQ(written.text("format", ""), "harness trace");
    EXPECT_EQ(written.text("end", ""), "exit status 0");
  });
}

}  // namespace
}  // namespace harness
