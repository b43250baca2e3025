// harness/end_to_end/user_benchmarks_test.cpp: the user's own files, --workload=FILE.py.
#include <cmath>
#include <filesystem>

#include "harness/end_to_end/user_benchmarks_fixture.h"
#include "harness/system/text.h"
#include "harness/testing/skip.h"

namespace harness {
namespace {

using Names = std::vector<std::string>;

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
  EXPECT_EQ(row_of_short.at("time_unit"), "ns");
  EXPECT_GE(row_of_short.at("iterations").number(), loops) << "a call on each thread is one";
  EXPECT_EQ(std::fmod(row_of_short.at("iterations").number(), loops), 0);
  EXPECT_LT(row_of_short.number("gil_acquires", 0), 0.5) << "a job has two at least";
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

// Each thread does the whole job: two calls in twice the time are no loss.
TEST_F(UserBenchmarks, AreComparedByWhatTheirThreadsDoTogether) {
  const std::string libpython = HARNESS_LIBPYTHON;
  const auto result = run_text(
      "def bench_it():\n    return sum(range(1000))\n",
      {"--python=a=" + libpython, "--python=b=" + libpython, "--rounds=1", "--filter=^mine.*python"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const Json rows = Json::parse(read_text_file(out() / "comparison.json").value_or("null")).at("rows");
  ASSERT_EQ(rows.size(), 2U);
  const Json one = rows.at(0).at("cells").at(1), two = rows.at(1).at("cells").at(1);
  EXPECT_EQ(one.at("counters").at("calls"), 1);
  EXPECT_EQ(two.at("counters").at("calls"), 2);
  const double time_of_two_calls = two.at("time_s").number();
  EXPECT_NEAR(two.at("speedup").number(), 2 * one.at("time_s").number() / time_of_two_calls, 1e-9);
}

TEST_F(UserBenchmarks, AreSetUpOnTheMainThread) {
  const auto result = run_text(
      "import signal, sys\n"
      "async def setup_it(threads):\n"
      "    signal.signal(signal.SIGUSR1, signal.SIG_DFL)\n"
      "    print('set up for', threads, file=sys.stderr)\n"
      "    return threads\n"
      "def bench_it(threads):\n    return 1\n",
      {"--threads=2"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(count_of(result.standard_error, "set up for 1"), 2U) << "and once for the reference";
  EXPECT_EQ(count_of(result.standard_error, "set up for 2"), 1U);
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
  if (!tried) return skip_for_want_of(kFreeThreaded, "there is no free-threaded CPython with its Python.h");
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

}  // namespace
}  // namespace harness
