// harness/end_to_end/user_benchmarks_test.cpp: the user's own files, --workload=FILE.py.
#include <signal.h>

#include <cmath>
#include <filesystem>
#include <thread>

#include "harness/end_to_end/test_program.h"
#include "harness/testing/pythons.h"

namespace harness {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

std::string spec_of(const Interpreter& interpreter) {
  return (interpreter.executable.empty() ? interpreter.libpython : interpreter.executable).string();
}

class UserBenchmarks : public ProgramTest {
 protected:
  void SetUp() override { folder().write("beside.py", "def double(x):\n    return 2 * x\n"); }

  /// Runs the file of this text, mine.py.
  ProcessResult run_text(const std::string& text, const Arguments& more = {},
                         const Environment& environment = {}) const {
    folder().write("mine.py", text);
    Arguments arguments{"--workload=mine.py"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments, environment);
  }

  Json row(const std::string& name) const {
    for (const Json& each : saved().at("benchmarks").elements()) {
      if (each.at("name") == name) return each;
    }
    ADD_FAILURE() << "there is no row " << name;
    return {};
  }

  /// Standard error names the file and holds these; nothing is written.
  void expect_text_refused(const std::string& text, const std::vector<std::string>& parts) const {
    SCOPED_TRACE(text);
    const auto result = run_text(text);
    EXPECT_EQ(result.exit_code, 2) << result.standard_error;
    expect_holds(result.standard_error, {"harness: --workload=mine.py: "});
    expect_holds(result.standard_error, parts);
    EXPECT_EQ(result.standard_output, "");
    EXPECT_FALSE(std::filesystem::exists(out()));
  }

  /// The row on one thread and the one on two fail with this error.
  void expect_failure(const std::string& text, const std::vector<std::string>& parts,
                      const std::string& name = "mine.it/python_threads/threads:2") const {
    SCOPED_TRACE(text);
    const auto result = run_text(text);
    EXPECT_EQ(result.exit_code, 1) << result.standard_error;
    expect_holds(row(name).text("error_message", ""), parts);
  }
};

TEST_F(UserBenchmarks, AreRowsLikeEveryOther) {
  for (const Interpreter& interpreter : hosted_pythons()) {
    const std::string python = spec_of(interpreter);
    SCOPED_TRACE(python);
    const auto result = run_text(
        "import beside\n"
        "ITEMS = {'loop': 1000}\n"
        "class Adder:\n"
        "    def __init__(self, to): self.to = to\n"
        "    def __call__(self): return sum(i for i in range(self.to))\n"
        "def bench_loop():\n"
        "    return sum(beside.double(i) for i in range(1000))\n"
        "bench_object = Adder(500)\n"
        "def setup_prepared(threads):\n"
        "    return [threads] * 10\n"
        "def bench_prepared(numbers):\n"
        "    return len(numbers)\n"
        "async def bench_waits():\n"
        "    import asyncio\n"
        "    await asyncio.sleep(0)\n"
        "    return 'done'\n"
        "def bench_yields():\n"
        "    yield from range(1000)\n",
        {"--python=" + python, "--threads=1,2"});
    ASSERT_EQ(result.exit_code, 0) << result.standard_error;
    Names names;
    for (const char* const name : {"loop", "object", "prepared", "waits", "yields"}) {
      for (const char* const rest :
           {"/python/threads:1", "/python_threads/threads:1", "/python_threads/threads:2"}) {
        names.push_back("mine." + (name + std::string(rest)));
      }
    }
    EXPECT_EQ(names_of(saved()), names);
    const Json loop = row("mine.loop/python_threads/threads:2");
    EXPECT_EQ(loop.at("items").number(), 2000) << "each thread does the whole job";
    EXPECT_EQ(row("mine.object/python_threads/threads:2").at("calls").number(), 2);
    EXPECT_EQ(loop.text("label", "").find("not verified"), std::string::npos);
    expect_holds(row("mine.yields/python/threads:1").text("label", ""), {"not verified"});
    expect_holds(result.standard_output, {"2 threads did ", " × the work a second of one"});
    EXPECT_TRUE(saved().at("context").contains("script_sha256_mine.py"));
  }
}

// To begin a job takes longer than a short call, so there are many to a job. What is told is of one.
TEST_F(UserBenchmarks, AreCalledManyTimesInAJobWhereTheyTakeAMoment) {
  const auto result =
      run_text("def bench_short():\n    return 1\ndef bench_long():\n    return sum(range(3_000_000))\n",
               {"--threads=2"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const Json row_of_short = row("mine.short/python_threads/threads:2");
  const double loops = row_of_short.number("loops", 0);
  EXPECT_GE(loops, 1000);
  EXPECT_EQ(row_of_short.at("calls").number(), 2);
  EXPECT_LT(row_of_short.at("real_time").number(), 0.1) << "of a call on each thread, in ms";
  EXPECT_EQ(std::fmod(row_of_short.at("iterations").number(), loops), 0);
  EXPECT_LT(row_of_short.number("gil_acquires", 0), 0.5);
  EXPECT_LT(row_of_short.number("gil_held_ns", 0), 1e6);
  EXPECT_FALSE(row("mine.long/python_threads/threads:2").contains("loops"));
}

TEST_F(UserBenchmarks, ShareAJobThatTheySplit) {
  const auto result =
      run_text("ITEMS = 5000\ndef run(begin, end):\n    return sum(range(begin, end))\n", {"--threads=1,3"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const Json three = row("mine/python_threads/threads:3");
  EXPECT_EQ(three.at("items").number(), 5000);
  EXPECT_EQ(three.text("label", "").find("not verified"), std::string::npos);
  expect_holds(result.standard_output, {"3 Python threads took "});
}

// As CPython's own Tools/ftscalingbench registers them.
TEST_F(UserBenchmarks, MayRegisterThemselves) {
  const auto result = run_text(
      "REGISTERED, OTHER = {}, {'first': 1}\n"
      "def register(function):\n"
      "    REGISTERED[function.__name__] = function\n"
      "    return function\n"
      "@register\ndef first():\n    return 1\n"
      "@register\ndef second():\n    return 2\n"
      "def helper():\n    return 3\n"
      "def bench_one(function):\n    function()\n",
      {"--threads=1"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(names_of(saved()),
            (Names{"mine.first/python/threads:1", "mine.first/python_threads/threads:1",
                   "mine.second/python/threads:1", "mine.second/python_threads/threads:1"}));
}

TEST_F(UserBenchmarks, RunBesideThisProgramsOwnWhereAFilterTakesBoth) {
  folder().write("other.py", "def bench_it():\n    return 1\n");
  const auto result = run_text("def bench_it():\n    return 1\n",
                               {"--workload=other.py", "--filter=it/python/|countdown/python/", "--list"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(result.standard_output,
            "mine.it/python/threads:1\nother.it/python/threads:1\ncountdown/python/threads:1\n");
  EXPECT_EQ(run_text("def bench_it():\n    return 1\n", {"--filter=nothing"}).exit_code, 2);
}

TEST_F(UserBenchmarks, OfContentionRunOnEveryInterpreter) {
  for (const Interpreter& interpreter : hosted_pythons()) {
    const std::string python = spec_of(interpreter);
    SCOPED_TRACE(python);
    const auto result =
        run({"--workload=" HARNESS_SCRIPTS_FOLDER "/contention.py", "--threads=2", "--python=" + python});
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    EXPECT_EQ(rows_of(saved()).size(), 60U);
    for (const Json& row : saved().at("benchmarks").elements()) {
      EXPECT_EQ(row.text("label", "").find("not verified"), std::string::npos) << row.dump();
      EXPECT_GE(row.number("items", 0), 200) << row.dump();
    }
  }
}

TEST_F(UserBenchmarks, AreCompared) {
  folder().write("mine.py", "def bench_it():\n    return sum(range(1000))\n");
  const std::string python = HARNESS_LIBPYTHON;
  const auto result = run({"--workload=mine.py", "--python=a=" + python, "--python=b=" + python,
                           "--threads=1,2", "--rounds=2", "--min-time=0.001"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  expect_holds(result.standard_output, {"mine.it", "python_threads/threads:2"});
}

TEST_F(UserBenchmarks, ThatCannotBeUsedAreRefusedBeforeAnythingIsWritten) {
  expect_text_refused("def helper():\n    pass\n", {"it has no function bench_NAME(), no run(begin, end)"});
  expect_text_refused("def bench_it(:\n", {"SyntaxError", "line 1"});
  expect_text_refused("import nothing_of_that_name\n", {"ModuleNotFoundError", "line 1, in <module>"});
  expect_text_refused("raise SystemExit(3)\n", {"called sys.exit(3)"});
  expect_text_refused("def bench_it(): pass\nbench_it()\ndef bench_it(): pass\n",
                      {"it has bench_it() twice: in line 1 and in line 3"});
  expect_text_refused("def bench_it(x): pass\n", {"bench_it() takes arguments, and there is no setup_it()"});
  expect_text_refused("def setup_it(threads): pass\ndef bench_it(): pass\n",
                      {"bench_it() does not take the one argument that setup_it() returns"});
  expect_text_refused("def setup_other(threads): pass\ndef bench_it(): pass\n",
                      {"it has setup_other() and no bench_other()"});
  expect_text_refused("ITEMS = 0\ndef bench_it(): pass\n",
                      {"ITEMS of it is 0, which is no whole number from 1 up"});
  expect_text_refused("ITEMS = {'that': 1}\ndef bench_it(): pass\n",
                      {"ITEMS has 'that', and there is no such function"});
  expect_text_refused("def run(begin, end): pass\n", {"it has run(begin, end) and no ITEMS"});
}

TEST_F(UserBenchmarks, ThatAreNoFilesAreRefused) {
  folder().write("spa ce.py", "def bench_it(): pass\n");
  folder().write("mine.txt", "def bench_it(): pass\n");
  folder().write("json.py", "def bench_it(): pass\n");
  folder().write("countdown.py", "ITEMS = 1\ndef run(begin, end): pass\n");
  folder().write("mine.py", "def bench_it(): pass\n");
  folder().write("sub/mine.py", "def bench_it(): pass\n");
  expect_refused(run({"--workload=none.py"}), {"--workload=none.py: there is no such file"});
  expect_refused(run({"--workload=."}), {"it is a folder; give a .py file"});
  expect_refused(run({"--workload=mine.txt"}), {"give a .py file"});
  expect_refused(run({"--workload=spa ce.py"}), {"no space"});
  expect_refused(run({"--workload=json.py"}), {"there is a module json already"});
  expect_refused(run({"--workload=countdown.py"}), {"there is a workload countdown already"});
  expect_refused(run({"--workload=mine.py", "--workload=sub/mine.py"}),
                 {"--workload=sub/mine.py: its rows would be named like those of mine.py"});
}

TEST_F(UserBenchmarks, ThatEndTheProcessWhileTheyAreImportedSaySo) {
  const auto result = run_text("import os\nos._exit(0)\n");
  EXPECT_EQ(result.exit_code, 1);
  expect_holds(result.standard_error, {"--workload: the import of a file ended the process, with status 0"});
}

TEST_F(UserBenchmarks, FailWhereResultsAreNotWhatOneThreadHas) {
  expect_failure(
      "import threading\n"
      "def bench_it():\n    return threading.get_ident()\n",
      {"wrong result: the function returned "});
  expect_failure("calls = []\ndef bench_it():\n    calls.append(1)\n    return len(calls)\n",
                 {"the function returned ", ", and 1 before on one thread"}, "mine.it/python/threads:1");
  expect_failure("ITEMS = 10\ndef run(begin, end):\n    return begin + 1\n",
                 {"the function returned ", " in all, and 1 on one thread"}, "mine/python_threads/threads:2");
  expect_failure("ITEMS = 10\ndef run(begin, end):\n    return 'text'\n",
                 {"returned 'text', which is neither None"}, "mine/python_threads/threads:2");
  expect_failure("async def later(): pass\ndef bench_it():\n    return later()\n",
                 {"returned a coroutine that nobody has run"});
  expect_failure("async def bench_it():\n    yield 1\n", {"it is an asynchronous generator"});
}

TEST_F(UserBenchmarks, FailWhereTheyRaise) {
  expect_failure("def bench_it():\n    raise ValueError('no')\n", {"ValueError: no"});
  expect_failure("def setup_it(threads):\n    raise ValueError('not so')\ndef bench_it(x):\n    return 1\n",
                 {"ValueError: not so"});
  // In one thread of two.
  expect_failure(
      "import threading, time\n"
      "inside = threading.Semaphore(1)\n"
      "def bench_it():\n"
      "    assert inside.acquire(blocking=False), 'the second'\n"
      "    time.sleep(0.02)\n"
      "    inside.release()\n"
      "    return 1\n",
      {"AssertionError: the second"});
}

TEST_F(UserBenchmarks, CompareResultsAsPythonDoes) {
  const auto result = run_text(
      "class Plain: pass\n"
      "class Array:\n"
      "    shape = (1,)\n"
      "    def __eq__(self, other): return Answer()\n"
      "class Answer:\n"
      "    def __bool__(self): raise ValueError('ambiguous')\n"
      "    def all(self): return True\n"
      "def bench_nan():\n    return [float('nan')]\n"
      "def bench_array():\n    return Array()\n"
      "def bench_plain():\n    return Plain()\n",
      {"--threads=2"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(row("mine.nan/python_threads/threads:2").text("label", "").find("not verified"),
            std::string::npos);
  EXPECT_EQ(row("mine.array/python_threads/threads:2").text("label", "").find("not verified"),
            std::string::npos);
  expect_holds(row("mine.plain/python_threads/threads:2").text("label", ""),
               {"not verified: objects of Plain cannot be compared"});
}

TEST_F(UserBenchmarks, NameTheModuleWhoseImportTurnsTheGilOn) {
  folder().write(
      "turns_on.cpp",
      "#include <Python.h>\n"
      "static PyModuleDef definition = {PyModuleDef_HEAD_INIT, \"turns_on\", nullptr, -1, nullptr,\n"
      "                                 nullptr, nullptr, nullptr, nullptr};\n"
      "PyMODINIT_FUNC PyInit_turns_on() { return PyModule_Create(&definition); }\n");
  bool tried = false;
  for (const Interpreter& interpreter : hosted_pythons()) {
    if (!interpreter.free_threaded || interpreter.executable.empty()) continue;
    SCOPED_TRACE(interpreter.executable);
    const auto included =
        run_subprocess({.argv = {interpreter.executable.string(), "-c",
                                 "import sysconfig; print(sysconfig.get_path('include'), end='')"}},
                       kPatience);
    if (!std::filesystem::exists(included.standard_output + "/Python.h")) continue;
    const auto compiled =
        run_subprocess({.argv = {CXX_COMPILER, "-shared", "-fPIC", "-I" + included.standard_output,
                                 "turns_on.cpp", "-o", "turns_on.so"},
                        .working_directory = folder().path()},
                       kPatience);
    ASSERT_TRUE(compiled.succeeded()) << compiled.standard_error;
    const auto result = run_text("import turns_on\ndef bench_it():\n    return 1\n",
                                 {"--python=" + interpreter.executable.string(), "--threads=1"});
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    expect_holds(result.standard_error, {"warning: the import of turns_on turned the GIL on"});
    EXPECT_EQ(saved().at("context").at("gil_enabled_at_end"), "true");
    tried = true;
  }
  if (!tried) GTEST_SKIP() << "there is no free-threaded CPython with its Python.h";
}

TEST_F(UserBenchmarks, MayHaveThreadsPoolsAndProcessesOfTheirOwn) {
  const auto result = run_text(
      "import concurrent.futures, multiprocessing, threading\n"
      "def work(x):\n    return x * x\n"
      "def bench_threads():\n"
      "    done = []\n"
      "    threads = [threading.Thread(target=done.append, args=(i,)) for i in range(3)]\n"
      "    [thread.start() for thread in threads]\n"
      "    [thread.join() for thread in threads]\n"
      "    return sorted(done)\n"
      "def bench_pool():\n"
      "    with concurrent.futures.ThreadPoolExecutor(2) as pool:\n"
      "        return list(pool.map(work, range(4)))\n"
      "def bench_processes():\n"
      "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
      "        return pool.map(work, range(4))\n",
      {"--threads=1", "--filter=mine.*/python/", "--min-time=0.001"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(names_of(saved()).size(), 3U);
}

TEST_F(UserBenchmarks, FindWhatTheyOpenAfterTheyHaveChangedTheFolder) {
  folder().write("data/numbers.txt", "1 2 3");
  const auto result = run_text(
      "import os\nos.chdir('data')\n"
      "def bench_it():\n    return open('numbers.txt').read()\n",
      {"--out=out", "--gil-trace=timeline.json", "--threads=1"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_TRUE(std::filesystem::exists(folder().path() / "out" / "result.json"));
  EXPECT_TRUE(std::filesystem::exists(folder().path() / "timeline.json"));
}

TEST_F(UserBenchmarks, ThatNeverReturnEndAtCtrlC) {
  for (const std::string where : {"while True: pass\n", "def setup_it(threads):\n    while True: pass\n",
                                  "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
                                  "def bench_it(x=0):\n    while True: pass\n",
                                  "def bench_it(x=0):\n    while True: pass\n"}) {
    SCOPED_TRACE(where);
    folder().write("mine.py",
                   "open('started', 'w').close()\n" + where +
                       (where.find("bench_it") == std::string::npos ? "def bench_it(x=0): pass\n" : ""));
    std::filesystem::remove(folder().path() / "started");
    Subprocess program(command({"--workload=mine.py", "--threads=2"}));
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!std::filesystem::exists(folder().path() / "started") &&
           std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(10ms);
    }
    std::this_thread::sleep_for(200ms);
    program.kill(SIGINT);
    EXPECT_EQ(program.wait(kPatience).exit_code, 130);
  }
}

}  // namespace
}  // namespace harness
