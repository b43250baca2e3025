// harness/end_to_end/trace_fixture.h: programs that run under `harness trace`, and as they run without it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/end_to_end/test_program.h"
#include "harness/interpreter/resolve.h"
#include "harness/testing/pythons.h"
#include "harness/testing/skip.h"

namespace harness {

/// The default interpreter, where it has an executable, and those of named_pythons().
inline const std::vector<Interpreter>& traced_pythons() {
  static const std::vector<Interpreter> pythons = [] {
    std::vector<Interpreter> found = named_pythons();
    const Interpreter usual = resolve_interpreter("", SearchPaths::from_environment(HARNESS_LIBPYTHON));
    if (!usual.executable.empty()) found.insert(found.begin(), usual);
    return found;
  }();
  return pythons;
}

/// What an interpreter must be for a test, in words, too.
struct Need {
  std::string what;
  std::function<bool(const Interpreter&)> has;
  std::string required = {};  ///< by what word of HARNESS_TEST_REQUIRE
};

inline const Need kAnyPython{"CPython", [](const Interpreter&) { return true; }, kAPython};
inline const Need kGil{"CPython with a GIL", [](const Interpreter& python) { return !python.free_threaded; },
                       kAGil};
inline const Need kNoGil{"free-threaded CPython",
                         [](const Interpreter& python) { return python.free_threaded; }, kFreeThreaded};
inline const Need kNames{"CPython 3.14 or later",
                         [](const Interpreter& python) { return python.minor >= 14; }};

/// The end of a traced program, and the report of it.
struct TracedRun {
  ProcessResult result;
  Json report;  ///< null where none was written
};

/// A test that traces programs in its folder, on each interpreter that is found.
class TraceTest : public ProgramTest {
 protected:
  void SetUp() override {
    const auto tracer = std::filesystem::path(HARNESS_PROGRAM).parent_path() / "harness_tracer.so";
    if (!std::filesystem::exists(tracer)) GTEST_SKIP() << "a sanitized build has no " << tracer;
  }

  /// Calls `test` with each interpreter that `need` asks for; skips the test where there is none.
  void on_each(const Need& need, const std::function<void(const Interpreter&)>& test) const {
    bool tried = false;
    for (const Interpreter& python : traced_pythons()) {
      if (!need.has(python)) continue;
      SCOPED_TRACE(python.executable);
      std::filesystem::remove(report_file());
      test(python);
      tried = true;
    }
    if (tried) return;
    const std::string why = "HARNESS_TEST_PYTHONS names no " + need.what;
    if (need.required.empty()) GTEST_SKIP() << why;
    skip_for_want_of(need.required, why);
  }

  /// python WORD…
  Command plain(const Interpreter& python, const Arguments& words,
                const Environment& environment = {}) const {
    Command program = command({}, environment);
    program.argv = words;
    program.argv.insert(program.argv.begin(), python.executable);
    return program;
  }

  /// harness trace --python=… --report=… FLAG… WORD…
  Command traced(const Interpreter& python, const Arguments& words, const Environment& environment = {},
                 const Arguments& flags = {}) const {
    Command program = command({}, environment);
    program.argv = {HARNESS_PROGRAM, "trace", "--python=" + python.executable.string(),
                    "--report=" + report_file().string()};
    program.argv.insert(program.argv.end(), flags.begin(), flags.end());
    program.argv.insert(program.argv.end(), words.begin(), words.end());
    return program;
  }

  /// Through /bin/sh, which finds the command line in "$@".
  static Command in_shell(const std::string& script, Command program) {
    program.argv.insert(program.argv.begin(), {"/bin/sh", "-c", script, "sh"});
    return program;
  }

  /// Traces it to its end.
  TracedRun trace(const Interpreter& python, const Arguments& words, const Arguments& flags = {}) const {
    const ProcessResult result = run_subprocess(traced(python, words, {}, flags), kPatience);
    return {result, report()};
  }

  /// Traces the program of this text, program.py, to its end, which must be its own.
  TracedRun trace_text(const Interpreter& python, const std::string& text,
                       const Arguments& flags = {}) const {
    folder().write("program.py", text);
    const TracedRun run = trace(python, {"program.py"}, flags);
    EXPECT_EQ(run.result.exit_code, 0) << run.result.standard_error;
    EXPECT_FALSE(run.report.is_null()) << run.result.standard_error;
    return run;
  }

  std::filesystem::path report_file() const { return folder().path() / "report.json"; }

  Json report() const;
};

/// What a program shows and how it ends is the same under a trace, whose report comes behind it.
void expect_as_under_python(const ProcessResult& traced, const ProcessResult& plain);

/// The members of `list` whose `name` is `value`.
std::vector<Json> with(const Json& list, const std::string& name, const std::string& value);

/// The thread that the system knows by this number; null where there is none.
Json thread_of(const Json& report, double os_id);

/// The thread of that name; null where there is none.
Json thread_named(const Json& report, const std::string& name);

/// Whether a wait for a lock can be named: a distribution strips its executable of what says so.
bool has_symbols(const Interpreter& python);

/// What its threading.Lock is called.
std::string lock_name(const Interpreter& python);

/// All of the report's notes.
std::string notes_of(const Json& report);

/// A Python module, by which a program waits until one of its threads sleeps in the kernel, and not for the
/// GIL, which is free meanwhile.
inline constexpr const char* kWaits =
    "import time\n"
    "def state_of(thread):\n"
    "    with open(f'/proc/self/task/{thread}/status') as file:\n"
    "        words = dict(line.split(':', 1) for line in file)\n"
    "    return words['State'].split()[0], words['voluntary_ctxt_switches']\n"
    "def until_it_waits(thread):\n"
    "    while True:\n"
    "        before = state_of(thread)\n"
    "        time.sleep(0.01)\n"
    "        if before[0] == 'S' and before == state_of(thread):\n"
    "            return\n";

/// A program in whose folder is waits.py with kWaits. Its second thread, whose number it prints, is parked
/// five times for a lock, once for 50 ms and more: it is parked when the lock is released, and so gets it.
inline constexpr const char* kHandOver =
    "import _thread, threading, time\n"
    "from waits import until_it_waits\n"
    "baton, ids, done = threading.Lock(), [], []\n"
    "baton.acquire()\n"
    "def take():\n"
    "    ids.append(threading.get_native_id())\n"
    "    for _ in range(5): baton.acquire()\n"
    "    done.append(True)\n"
    "_thread.start_new_thread(take, ())\n"
    "while not ids: time.sleep(0.001)\n"
    "for i in range(5):\n"
    "    until_it_waits(ids[0])\n"
    "    if i == 2: time.sleep(0.05)\n"
    "    baton.release()\n"
    "while not done: time.sleep(0.001)\n"
    "print(ids[0])\n";

}  // namespace harness
