// harness/end_to_end/user_ways_test.cpp: a user's own file in interpreters, processes and pools.
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <thread>

#include "harness/end_to_end/ways_fixture.h"
#include "harness/system/text.h"

namespace harness::ways_test {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

class UserWays : public WaysTest {
 protected:
  ProcessResult run_text_on(const std::string& spec, const std::string& text,
                            const std::string& filter = "mine") const {
    folder().write("mine.py", text);
    return run_on(spec, filter, {"--workload=mine.py", "--threads=2", "--min-time=0.001"});
  }

  /// That each way of the workload has failed by this, but for those that this interpreter has not.
  void expect_each_says(const std::string& workload, const std::vector<std::string>& parts,
                        const Names& ways = kWays) const {
    for (const std::string& way : ways) {
      SCOPED_TRACE(way);
      const std::string error = error_of_row(workload + "/" + way);
      if (!is_said_to_be_missing(error)) expect_holds(error, parts);
    }
  }
};

// CPython 3.14 and 3.15 have their JIT in the main interpreter alone. Few builds have one, so the file says
// that.
TEST_F(UserWays, SayWhichOfThemRunWithoutTheJit) {
  for (const std::string& spec : specs_of_pythons()) {
    SCOPED_TRACE(spec);
    const auto result =
        run_text_on(spec,
                    "import sys\n"
                    "try:\n"
                    "    import _interpreters as interpreters\n"
                    "except ImportError:\n"
                    "    import _xxsubinterpreters as interpreters\n"
                    "def number(found): return int(found[0] if type(found) is tuple else found)\n"
                    "main = number(interpreters.get_current()) == number(interpreters.get_main())\n"
                    "class Jit:\n"
                    "    is_available = staticmethod(lambda: True)\n"
                    "    is_enabled = staticmethod(lambda: main)\n"
                    "sys._jit = Jit\n"
                    "def bench_it(): return 1\n");
    ASSERT_EQ(result.exit_code, 0) << result.standard_error;
    for (const std::string& way : kWays) {
      SCOPED_TRACE(way);
      if (is_said_to_be_missing(error_of_row("mine.it/" + way))) continue;
      const bool is_without = way.starts_with("subinterpreters") || way.starts_with("interpreter_pool");
      EXPECT_EQ(row("mine.it/" + way).text("label", "").find("without the JIT") != std::string::npos,
                is_without);
    }
  }
}

TEST_F(UserWays, AreRowsLikeThoseOfThreads) {
  folder().write("beside.py", "def double(x):\n    return 2 * x\n");
  for (const std::string& spec : specs_of_pythons()) {
    SCOPED_TRACE(spec);
    const auto result = run_text_on(spec,
                                    "import beside, sys\n"
                                    "ITEMS = {'loop': 1000}\n"
                                    "def bench_loop():\n"
                                    "    return sum(beside.double(i) for i in range(1000))\n"
                                    "class Mine:\n"
                                    "    def __eq__(self, other): return type(other) is Mine\n"
                                    "def setup_prepared(threads):\n"
                                    "    assert threads in (1, 2)\n"
                                    "    return Mine()\n"
                                    "def bench_prepared(mine):\n"
                                    "    return mine\n"
                                    "def bench_nothing():\n"
                                    "    pass\n");
    ASSERT_EQ(result.exit_code, 0) << result.standard_error;
    for (const std::string workload : {"mine.loop/", "mine.prepared/", "mine.nothing/"}) {
      bool is_repeated = false;
      for (const std::string& way : kWays) {
        SCOPED_TRACE(workload + way);
        const std::string error = error_of_row(workload + way);
        if (is_said_to_be_missing(error)) continue;
        EXPECT_EQ(error, "");
        const Json found = row(workload + way);
        EXPECT_EQ(found.text("label", "").find("not verified") != std::string::npos,
                  workload == "mine.nothing/");
        is_repeated = is_repeated || found.number("loops", 1) > 1;
      }
      // A call takes a moment. The way to a process and back may take ten milliseconds beside other tests.
      EXPECT_TRUE(is_repeated);
      EXPECT_EQ(error_of_row(workload + kFork), "");
    }
    EXPECT_EQ(row("mine.loop/" + kFork).number("items", 0), 2000) << "each worker does the whole job";
    EXPECT_EQ(row("mine.prepared/" + kThreadPool).number("calls", 0), 2);
    expect_holds(in_one_line(result.standard_output), {" × as fast as pure Python"});
  }
}

// The second process comes so late that the first one is asked many times meanwhile.
TEST_F(UserWays, PrepareEachWorkerOnceHoweverOftenItIsFound) {
  for (const std::string& spec : specs_of_pythons()) {
    SCOPED_TRACE(spec);
    std::filesystem::remove_all(folder().path() / "first");
    std::filesystem::remove(folder().path() / "loops");
    const auto result = run_text_on(spec,
                                    "import asyncio, multiprocessing, os, time\n"
                                    "new_event_loop = asyncio.new_event_loop\n"
                                    "def noted():\n"
                                    "    if multiprocessing.parent_process() is not None:\n"
                                    "        with open('loops', 'a') as file:\n"
                                    "            file.write(f'{os.getpid()}\\n')\n"
                                    "    return new_event_loop()\n"
                                    "asyncio.new_event_loop = noted\n"
                                    "def setup_it(threads):\n"
                                    "    if multiprocessing.parent_process() is not None:\n"
                                    "        try:\n"
                                    "            os.mkdir('first')\n"
                                    "        except FileExistsError:\n"
                                    "            time.sleep(0.3)\n"
                                    "async def bench_it(_):\n"
                                    "    return 'done'\n",
                                    "mine.it/process_pool/threads:2");
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    const std::string notes = read_text_file(folder().path() / "loops").value_or("");
    std::map<std::string, int> loops;
    for (const std::string_view process : lines_of(notes)) ++loops[std::string(process)];
    ASSERT_EQ(loops.size(), 2U);
    EXPECT_EQ(loops.begin()->second, loops.rbegin()->second);
  }
}

// Interpreters that Python makes are there from 3.14 on. What the program makes are left out: asyncio does
// not work in those of 3.12 (harness/strategies/README.md).
TEST_F(UserWays, HaveAnEventLoopEachAndLeaveNothingOfIt) {
  for (const std::string& spec : specs_of_pythons()) {
    SCOPED_TRACE(spec);
    const auto result = run_text_on(spec,
                                    "import asyncio\n"
                                    "async def bench_it():\n"
                                    "    asyncio.create_task(asyncio.sleep(100))\n"
                                    "    await asyncio.sleep(0)\n"
                                    "    return 'done'\n",
                                    "mine.it/([a-z]+_pool|processes/threads:2/start:fork)");
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    EXPECT_EQ(result.standard_error.find("Exception ignored"), std::string::npos) << result.standard_error;
    EXPECT_EQ(result.standard_error.find("destroyed"), std::string::npos) << result.standard_error;
    EXPECT_EQ(error_of_row("mine.it/" + kThreadPool), "");
    EXPECT_EQ(error_of_row("mine.it/" + kProcessPool), "");
  }
}

// By interpreters the members' thread adds up, by the others Python code does.
TEST_F(UserWays, ShareAJobThatTheySplit) {
  for (const std::string& spec : specs_of_pythons()) {
    SCOPED_TRACE(spec);
    const auto right =
        run_text_on(spec, "ITEMS = 1000\ndef run(begin, end):\n    return (begin - end) << 200\n");
    EXPECT_EQ(right.exit_code, 0) << right.standard_error;
    EXPECT_EQ(error_of_row("mine/" + kFork), "");
    EXPECT_EQ(row("mine/" + kFork).number("items", 0), 1000);
    EXPECT_EQ(row("mine/" + kFork).text("label", "").find("not verified"), std::string::npos);
    const Names two{kSubinterpreters, kThreadPool};
    const std::string filter = "mine/(subinterpreters|thread_pool)/";
    run_text_on(spec, "ITEMS = 1000\ndef run(begin, end):\n    return sum(range(begin, end)) - (1 << 200)\n",
                filter);
    expect_each_says("mine", {"wrong result: the function returned -", " in all, and -", " on one thread"},
                     two);
    run_text_on(spec, "ITEMS = 1000\ndef run(begin, end):\n    return str(begin)\n", filter);
    expect_each_says("mine", {"returned '", "', which is neither None nor an integer"}, two);
    const auto nothing = run_text_on(spec, "ITEMS = 1000\ndef run(begin, end):\n    pass\n", filter);
    EXPECT_EQ(nothing.exit_code, 0) << nothing.standard_error;
    expect_holds(row("mine/" + kThreadPool).text("label", ""), {"not verified"});
  }
}

TEST_F(UserWays, FailWhereAWorkerReturnsWhatItHasNotBefore) {
  for (const std::string& spec : specs_of_pythons()) {
    SCOPED_TRACE(spec);
    const auto result = run_text_on(spec,
                                    "calls = []\n"
                                    "def bench_it():\n"
                                    "    calls.append(1)\n"
                                    "    return [len(calls)] * 100\n");
    EXPECT_EQ(result.exit_code, 1);
    expect_each_says("mine.it", {"wrong result: the function returned [", ", and [1, 1, 1, 1, 1, 1, ",
                                 "before on one thread"});
  }
}

TEST_F(UserWays, SayWhatTheFunctionRaised) {
  for (const std::string& spec : specs_of_pythons()) {
    SCOPED_TRACE(spec);
    run_text_on(spec, "def bench_it():\n    raise ValueError('not so')\n");
    expect_each_says("mine.it", {"ValueError: not so"});
    run_text_on(
        spec, "def setup_it(threads):\n    raise ValueError('no setup')\ndef bench_it(it):\n    return 1\n");
    expect_each_says("mine.it", {"ValueError: no setup"});
  }
}

// As numpy does: the process's own interpreter has imported it before.
TEST_F(UserWays, SayThatALibraryDoesNotLoadInASubinterpreter) {
  for (const std::string& spec : specs_of_pythons()) {
    SCOPED_TRACE(spec);
    const auto result = run_text_on(
        spec,
        "import os\n"
        "try:\n"
        "    os.mkdir('imported-%d' % os.getpid())\n"
        "except OSError:\n"
        "    raise ImportError('module planted._core does not support loading in subinterpreters')\n"
        "def bench_it():\n    return 1\n");
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    for (const std::string& way : {kSubinterpreters, kInterpreterPool}) {
      const std::string error = error_of_row("mine.it/" + way);
      EXPECT_TRUE(is_said_to_be_missing(error) ||
                  error == "does not apply: module planted._core does not support loading in subinterpreters")
          << way << ": " << error;
    }
    EXPECT_EQ(error_of_row("mine.it/" + kSpawn), "");
  }
}

TEST_F(UserWays, AreThereWhereAFilterAsksForThem) {
  folder().write("mine.py", "def bench_it():\n    return 1\n");
  const auto without = run({"--workload=mine.py", "--list", "--threads=2"});
  EXPECT_EQ(without.standard_output, "mine.it/python/threads:1\nmine.it/python_threads/threads:2\n");
  const auto with = run({"--workload=mine.py", "--list", "--threads=2", "--filter=mine"});
  for (const std::string& way : kWays) expect_holds(with.standard_output, {"mine.it/" + way + "\n"});
}

// Also while the first call of all, by which the others are judged, has not returned.
TEST_F(UserWays, ThatNeverReturnLeaveNothingBehindAtCtrlC) {
  for (const std::string& spec : specs_of_pythons()) {
    run_text_on(spec, "def bench_it():\n    return 1\n");
    std::vector<std::string> ways;
    std::ranges::copy_if(kWays, std::back_inserter(ways), [&](const std::string& way) {
      return !is_said_to_be_missing(error_of_row("mine.it/" + way));
    });
    for (const std::string& way : ways) {
      SCOPED_TRACE(spec + " " + way);
      std::filesystem::remove(folder().path() / "started");
      folder().write("mine.py", "def bench_it():\n    open('started', 'w').close()\n    while True: pass\n");
      Arguments arguments{"--workload=mine.py", "--threads=2", "--filter=mine.it/" + way};
      if (!spec.empty()) arguments.push_back("--python=" + spec);
      Subprocess program(command(arguments));
      const auto deadline = std::chrono::steady_clock::now() + kPatience;
      const auto is_started = [&] { return std::filesystem::exists(folder().path() / "started"); };
      while (!is_started() && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(5ms);
      ASSERT_TRUE(is_started());
      program.kill(SIGINT);
      const auto result = program.wait(kPatience);
      EXPECT_EQ(result.exit_code, 128 + SIGINT) << result.standard_error;
      EXPECT_EQ(result.standard_error.find("Traceback"), std::string::npos) << result.standard_error;
    }
  }
}

}  // namespace
}  // namespace harness::ways_test
