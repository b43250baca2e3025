// harness/end_to_end/bad_user_benchmarks_test.cpp: files of benchmarks that cannot be used, and functions
// that do what nobody expects.
#include <signal.h>

#include <filesystem>
#include <thread>

#include "harness/end_to_end/user_benchmarks_fixture.h"

namespace harness {
namespace {

using namespace std::chrono_literals;

class BadUserBenchmarks : public UserBenchmarks {};

TEST_F(BadUserBenchmarks, ThatCannotBeUsedAreRefusedBeforeAnythingIsWritten) {
  expect_text_refused("def helper():\n    pass\n", {"it has no function bench_NAME(), no run(begin, end)"});
  expect_text_refused("def bench_it(:\n", {"SyntaxError", "line 1"});
  expect_text_refused("import nothing_of_that_name\n", {"ModuleNotFoundError", "line 1, in <module>"});
  expect_text_refused("raise SystemExit(3)\n", {"called sys.exit(3)"});
  expect_text_refused("def bench_it(): pass\nbench_it()\ndef bench_it(): pass\n",
                      {"it has bench_it() twice: in line 1 and in line 3"});
  expect_text_refused("def bench_it(x): pass\n", {"bench_it() takes arguments, and there is no setup_it()"});
  expect_text_refused("def setup_it(threads): pass\ndef bench_it(): pass\n",
                      {"bench_it() does not take the one argument that setup_it() returns"});
  expect_text_refused("bench_it = 3\n", {"bench_it is 3, and no function"});
  expect_text_refused("globals()['bench_a/b'] = lambda: 1\n",
                      {"rows cannot be named after its function 'a/b'"});
  expect_text_refused("def setup_it(threads):\n    yield 1\ndef bench_it(x): pass\n",
                      {"setup_it() is a generator"});
  expect_text_refused("def setup_other(threads): pass\ndef bench_it(): pass\n",
                      {"it has setup_other() and no bench_other()"});
  expect_text_refused("ITEMS = 0\ndef bench_it(): pass\n",
                      {"ITEMS of it is 0, which is no whole number from 1 to 9007199254740991"});
  expect_text_refused("ITEMS = {'that': 1}\ndef bench_it(): pass\n",
                      {"ITEMS has 'that', and there is no such function"});
  expect_text_refused("def run(begin, end): pass\n", {"it has run(begin, end) and no ITEMS"});
}

TEST_F(BadUserBenchmarks, ThatAreNoFilesAreRefused) {
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
  std::filesystem::create_symlink("loop.py", folder().path() / "loop.py");
  expect_refused(run({"--workload=loop.py"}), {"--workload=loop.py: ", "levels of symbolic links"});
  expect_refused(run({"--workload=" + std::string(300, 'x') + ".py"}), {"File name too long"});
  expect_refused(run({"--workload=json.py"}), {"there is a module json already"});
  expect_refused(run({"--workload=countdown.py"}), {"there is a workload countdown already"});
  expect_refused(run({"--workload=mine.py", "--workload=sub/mine.py"}),
                 {"--workload=sub/mine.py: its rows would be named like those of mine.py"});
}

TEST_F(BadUserBenchmarks, ThatEndTheProcessWhileTheyAreImportedSaySo) {
  const auto result = run_text("import os\nos._exit(0)\n");
  EXPECT_EQ(result.exit_code, 2);
  expect_holds(result.standard_error,
               {"harness: --workload=mine.py: its import ended the process, with status 0"});
}

TEST_F(BadUserBenchmarks, FailWhereResultsAreNotWhatOneThreadHas) {
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

TEST_F(BadUserBenchmarks, ShowWhereResultsDifferThatLookTheSame) {
  const std::string counts = "calls = []\ndef bench_it():\n    calls.append(1)\n    ";
  const std::string one = "mine.it/python/threads:1";
  expect_failure(counts + "found = list(range(100))\n    found[50] = len(calls)\n    return found\n",
                 {"; of [50] they have ", " and 1"}, one);
  expect_failure(counts + "return (1 << 20000) + len(calls)\n",
                 {"an integer of 20001 bits", ", which differ by "}, one);
  expect_failure(counts + "return [0] * (100 + len(calls))\n", {"; of ", " and 101 items"}, one);
}

// Tasks that are left over are ended with the loop; where something was raised its frames hold the loop.
TEST_F(BadUserBenchmarks, LeaveNothingOfAnEventLoopBehind) {
  const auto result = run_text(
      "import asyncio\n"
      "async def bench_raises():\n    raise ValueError('a')\n"
      "async def bench_leaves():\n    asyncio.create_task(asyncio.sleep(100))\n    return 1\n");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.standard_error.find("Exception ignored"), std::string::npos) << result.standard_error;
  EXPECT_EQ(result.standard_error.find("never awaited"), std::string::npos) << result.standard_error;
  EXPECT_EQ(failed_of(saved()).size(), 2U);
}

TEST_F(BadUserBenchmarks, SayWhatElseRanBesideThem) {
  const auto result = run_text(
      "import os, threading, time\n"
      "os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])\n"
      "def bench_first():\n"
      "    if threading.active_count() < 4:\n"
      "        threading.Thread(target=time.sleep, args=(100,), name='sleeper').start()\n"
      "    return 1\n"
      "def bench_second():\n    return 1\n",
      {"--threads=2"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  for (const char* const name : {"mine.first/python_threads/threads:2", "mine.second/python/threads:1"}) {
    expect_holds(row(name).text("label", ""), {"threads of the script's own ran beside it: ", "sleeper",
                                               "the affinity was changed: CPU "});
  }
}

TEST_F(BadUserBenchmarks, FailWhereTheyRaise) {
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

TEST_F(BadUserBenchmarks, ThatNeverReturnEndAtCtrlC) {
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
