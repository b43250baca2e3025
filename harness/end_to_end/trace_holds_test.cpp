// harness/end_to_end/trace_holds_test.cpp: who kept the GIL though another thread wanted it, by native code
// that does so for a known time.
#include <string>

#include "harness/end_to_end/trace_fixture.h"

namespace harness {
namespace {

class TracedHolds : public TraceTest {
 protected:
  /// A second thread wants the GIL all the time, while the first calls `call` four times, with PLANTED as a
  /// ctypes.PyDLL, which keeps the GIL, and as a ctypes.CDLL, which lets it go.
  TracedRun trace_calls(const Interpreter& python, const std::string& call,
                        const Arguments& flags = {}) const {
    return trace_text(python,
                      "import collections, ctypes, itertools, os, threading, time\n"
                      "planted = '" PLANTED
                      "'\n"
                      "keeps, lets_go = ctypes.PyDLL(planted), ctypes.CDLL(planted)\n"
                      "for library in (keeps, lets_go):\n"
                      "    for name in ('sleep', 'poll', 'compute'):\n"
                      "        function = getattr(library, 'planted_' + name)\n"
                      "        function.argtypes, function.restype = [ctypes.c_int64], ctypes.c_int64\n"
                      "    library.planted_read.restype = ctypes.c_int64\n"
                      "MS = 1_000_000\n"
                      "wanted = True\n"
                      "def want():\n"
                      "    while wanted: pass\n"
                      "def repeat():\n"
                      "    number, length = 1 << 20, 0\n"
                      "    while length < 0.08:\n"
                      "        begin = time.thread_time()\n"
                      "        collections.deque(itertools.repeat(None, number), maxlen=0)\n"
                      "        length = time.thread_time() - begin\n"
                      "        number *= 2\n"
                      "    return length\n"
                      "def call():\n"
                      "    return " +
                          call +
                          "\n"
                          "thread = threading.Thread(target=want)\n"
                          "thread.start()\n"
                          "print(min(call() for _ in range(4)))\n"
                          "wanted = False\n"
                          "thread.join()\n",
                      flags);
  }

  /// What is said of the function, which kept the GIL for 80 ms four times. It is told of the time in which
  /// the second thread has waited: at least once that and the one that looks have been running soon.
  static Json hold_by(const Interpreter& python, const TracedRun& run, const std::string& function) {
    const auto holds = with(run.report.at("long_holds"), "function", function);
    if (holds.size() != 1) {
      ADD_FAILURE() << function << ": " << run.report.at("long_holds");
      return {};
    }
    const Json& hold = holds.front();
    const double count = hold.at("count").number();
    EXPECT_GE(count, 1);
    EXPECT_LE(count, 4);
    EXPECT_GE(hold.at("longest_ns").number(), kNoted_ns);
    EXPECT_GE(hold.at("total_ns").number(), hold.at("longest_ns").number() + (count - 1) * 5e6);
    EXPECT_EQ(hold.at("library").text(), "planted.so");
    // 3.13 and later let themselves be read from outside.
    if (python.minor >= 13) {
      EXPECT_TRUE(hold.text("python", "").starts_with("call (program.py:")) << hold;
    }
    return hold;
  }

  static constexpr double kLength_ns = 80e6;
  static constexpr double kNoted_ns = 60e6;
};

TEST_F(TracedHolds, OfNativeCodeThatSleepsNameItsSystemCall) {
  on_each(kGil, [&](const Interpreter& python) {
    const TracedRun run = trace_calls(python, "keeps.planted_sleep(80 * MS)");
    EXPECT_GE(std::stod(run.result.standard_output), kLength_ns) << "it was cut short";
    const Json hold = hold_by(python, run, "planted_sleep");
    EXPECT_TRUE(hold.text("system_call", "").ends_with("nanosleep")) << hold;
    EXPECT_EQ(notes_of(run.report), "");
  });
}

// Linux goes on with it after no handler, whatever sigaction() was told.
TEST_F(TracedHolds, OfNativeCodeThatPollsDoNotCutItShort) {
  on_each(kGil, [&](const Interpreter& python) {
    const TracedRun run = trace_calls(python, "keeps.planted_poll(80 * MS)");
    EXPECT_GE(std::stod(run.result.standard_output), kLength_ns) << "it was cut short";
    const Json hold = hold_by(python, run, "planted_poll");
    expect_holds(hold.text("system_call", ""), {"poll"});
    EXPECT_EQ(notes_of(run.report), "");
  });
}

TEST_F(TracedHolds, OfNativeCodeThatReadsNameItsSystemCall) {
  on_each(kGil, [&](const Interpreter& python) {
    const TracedRun run =
        trace_calls(python,
                    "[ends := os.pipe(),\n"
                    "     os.posix_spawn('/bin/sh', ['sh', '-c', 'sleep 0.1; echo'], os.environ,\n"
                    "                    file_actions=[(os.POSIX_SPAWN_DUP2, ends[1], 1)]),\n"
                    "     keeps.planted_read(ends[0])][-1]");
    EXPECT_GT(std::stod(run.result.standard_output), 0) << "it was cut short";
    const auto holds = with(run.report.at("long_holds"), "function", "planted_read");
    ASSERT_EQ(holds.size(), 1U) << run.report.at("long_holds");
    EXPECT_EQ(holds.front().text("system_call", ""), "read");
  });
}

TEST_F(TracedHolds, OfNativeCodeThatComputesNameNoSystemCall) {
  on_each(kGil, [&](const Interpreter& python) {
    const TracedRun run = trace_calls(python, "keeps.planted_compute(80 * MS)");
    const Json hold = hold_by(python, run, "planted_compute");
    EXPECT_FALSE(hold.contains("system_call")) << hold;
  });
}

TEST_F(TracedHolds, AreWaitsOfTheOtherThread) {
  on_each(kGil, [&](const Interpreter& python) {
    const TracedRun run = trace_calls(python, "keeps.planted_compute(80 * MS)");
    bool waited = false;
    for (const Json& thread : run.report.at("threads").elements()) {
      const Json gil = thread.at("gil");
      if (thread.at("name") == "main") {
        EXPECT_GE(gil.at("held_ns").number(), 4 * kLength_ns);
        EXPECT_GE(gil.at("longest_hold_ns").number(), kLength_ns);
        continue;
      }
      waited = true;
      EXPECT_GE(gil.at("longest_wait_ns").number(), kNoted_ns);
      EXPECT_GE(gil.at("waited_ns").number(), kNoted_ns);
      EXPECT_GE(gil.at("timeouts").number(), 1);
    }
    EXPECT_TRUE(waited);
    const Json longest = run.report.at("long_waits").at(0);
    EXPECT_GE(longest.at("wait_ns").number(), kNoted_ns);
    EXPECT_EQ(longest.text("holder", ""), "main");
  });
}

TEST_F(TracedHolds, AreNoneOfCodeThatLetsTheGilGo) {
  on_each(kGil, [&](const Interpreter& python) {
    for (const char* const call : {"lets_go.planted_sleep(80 * MS)", "lets_go.planted_compute(80 * MS)"}) {
      SCOPED_TRACE(call);
      const TracedRun run = trace_calls(python, call);
      EXPECT_GE(std::stod(run.result.standard_output), kLength_ns);
      EXPECT_EQ(run.report.at("long_holds").dump().find("planted"), std::string::npos)
          << run.report.at("long_holds");
    }
  });
}

TEST_F(TracedHolds, AreNoneWhereThereIsNoGil) {
  on_each(kNoGil, [&](const Interpreter& python) {
    const TracedRun run = trace_calls(python, "keeps.planted_sleep(80 * MS)");
    EXPECT_EQ(run.report.at("long_holds").size(), 0U) << run.report.at("long_holds");
    EXPECT_EQ(run.report.at("long_waits").size(), 0U) << run.report.at("long_waits");
  });
}

TEST_F(TracedHolds, OfCpythonsOwnFunctionsNameThem) {
  on_each(kGil, [&](const Interpreter& python) {
    const TracedRun run = trace_calls(python, "repeat()");
    const auto holds = run.report.at("long_holds").elements();
    ASSERT_GE(holds.size(), 1U);
    EXPECT_GE(holds.front().at("longest_ns").number(), kNoted_ns);
    EXPECT_FALSE(holds.front().text("library", "").empty()) << holds.front();
  });
}

TEST_F(TracedHolds, AreThoseThatTheFlagCallsLong) {
  on_each(kGil, [&](const Interpreter& python) {
    const TracedRun run = trace_calls(python, "keeps.planted_sleep(80 * MS)", {"--long-hold=60"});
    EXPECT_EQ(run.report.at("long_holds").size(), 0U) << run.report.at("long_holds");
    EXPECT_EQ(run.report.at("long_hold_ns").number(), 60e9);
    const TracedRun strict = trace_calls(python, "keeps.planted_sleep(80 * MS)", {"--long-hold=0.02"});
    hold_by(python, strict, "planted_sleep");
  });
}

}  // namespace
}  // namespace harness
