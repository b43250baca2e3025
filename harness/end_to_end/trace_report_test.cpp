// harness/end_to_end/trace_report_test.cpp: what the report of a traced program counts, and how long it says
// that something took, where the program knows both.
#include <sstream>

#include "harness/end_to_end/trace_fixture.h"

namespace harness {
namespace {

double parks_of(const std::vector<Json>& sites) {
  double parks = 0;
  for (const Json& site : sites) parks += site.at("parks").number();
  return parks;
}

const Need kSubinterpreters{"CPython 3.14 or later with a GIL", [](const Interpreter& python) {
                              return python.minor >= 14 && !python.free_threaded;
                            }};

class TraceReport : public TraceTest {
 protected:
  void SetUp() override {
    TraceTest::SetUp();
    folder().write("waits.py", kWaits);
  }
};

TEST_F(TraceReport, SaysWhatRan) {
  on_each(kAnyPython, [&](const Interpreter& python) {
    const TracedRun run =
        trace(python, {"-c", "import os, time; time.sleep(0.05); print(os.getpid())", "word"});
    EXPECT_EQ(run.report.text("format", ""), "harness trace");
    EXPECT_EQ(run.report.at("process").number(), std::stod(run.result.standard_output));
    EXPECT_EQ(run.report.at("program").at(0).text(), python.executable);
    EXPECT_EQ(run.report.at("program").at(3).text(), "word");
    expect_holds(run.report.at("interpreter").text(), {python.version});
    EXPECT_GE(run.report.at("traced_ns").number(), 50e6);
    EXPECT_EQ(run.report.at("threads_ever").number(), 1);
    EXPECT_EQ(run.report.at("threads").at(0).at("name"), "main");
    EXPECT_EQ(run.report.at("long_hold_ns").number(), 5e6);
    EXPECT_EQ(notes_of(run.report), "");
  });
}

TEST_F(TraceReport, NamesThreadsAsPythonDoes) {
  on_each(kNames, [&](const Interpreter& python) {
    const TracedRun run = trace_text(python,
                                     "import threading, time\n"
                                     "def work():\n"
                                     "    time.sleep(0.05)\n"
                                     "threads = [threading.Thread(target=work, name=name)\n"
                                     "           for name in ('alpha', 'Ωmega', 'a \"b\" \\\\')]\n"
                                     "for thread in threads: thread.start()\n"
                                     "for thread in threads: thread.join()\n");
    EXPECT_EQ(run.report.at("threads_ever").number(), 4);
    for (const char* const name : {"main", "alpha", "Ωmega", "a \"b\" \\"}) {
      EXPECT_GE(thread_named(run.report, name).number("alive_ns", 0), 50e6) << name;
    }
  });
}

TEST_F(TraceReport, CountsEachParkOfALock) {
  on_each(kAnyPython, [&](const Interpreter& python) {
    const TracedRun run = trace_text(python, kHandOver);
    const Json taker = thread_of(run.report, std::stod(run.result.standard_output));
    EXPECT_GE(taker.at("parks").number(), 5);
    EXPECT_GE(taker.at("parked_ns").number(), 50e6);
    if (lock_name(python) != "unknown") {
      EXPECT_GE(taker.at("lock_parked_ns").number(), 50e6);
    }
    const Json sites = run.report.at("sites");
    const auto locks = with(sites, "what", lock_name(python));
    EXPECT_EQ(parks_of(locks), 5) << sites;
    double longest = 0;
    for (const Json& lock : locks) {
      longest = std::max(longest, lock.at("park_max_ns").number());
      EXPECT_GE(lock.at("stack").size(), 1U);
    }
    EXPECT_GE(longest, 50e6);
  });
}

TEST_F(TraceReport, NamesWhatWasWaitedFor) {
  on_each({"CPython with its symbols", has_symbols}, [&](const Interpreter& python) {
    const TracedRun run = trace_text(python,
                                     "import queue, threading, time\n"
                                     "from waits import until_it_waits\n"
                                     "def behind(name, target):\n"
                                     "    ready = []\n"
                                     "    def run():\n"
                                     "        ready.append(threading.get_native_id())\n"
                                     "        target()\n"
                                     "    thread = threading.Thread(target=run, name=name)\n"
                                     "    thread.start()\n"
                                     "    while not ready: time.sleep(0.001)\n"
                                     "    until_it_waits(ready[0])\n"
                                     "    return thread\n"
                                     "held, jobs = threading.RLock(), queue.SimpleQueue()\n"
                                     "with held: first = behind('first', lambda: held.acquire())\n"
                                     "second = behind('second', jobs.get)\n"
                                     "third = behind('third', second.join)\n"
                                     "jobs.put(1)\n"
                                     "for thread in (first, second, third): thread.join()\n");
    const Json sites = run.report.at("sites");
    EXPECT_EQ(parks_of(with(sites, "what", "a threading.RLock")), 1) << sites;
    EXPECT_EQ(parks_of(with(sites, "what", "a queue")), 1) << sites;
    if (python.minor >= 13) {
      EXPECT_GE(parks_of(with(sites, "what", "a thread's end")), 1) << sites;
    }
  });
}

// A sleep of no time lets the GIL go and takes it again, and nobody else wants it.
TEST_F(TraceReport, CountsEachAcquireOfTheGil) {
  on_each(kGil, [&](const Interpreter& python) {
    const auto acquires = [&](int sleeps) {
      const TracedRun run = trace_text(python, "import sys, time\nfor _ in range(int('" +
                                                   std::to_string(1'000 + sleeps) + "')): time.sleep(0)\n");
      const Json gil = run.report.at("gils").at(0);
      // Up to 3.11 CPython ends with it.
      EXPECT_EQ(gil.at("acquires").number() - gil.at("releases").number(), python.minor < 12 ? 1 : 0);
      EXPECT_EQ(gil.at("contradictions").number(), 0);
      EXPECT_EQ(gil.at("waits").number(), 0);
      EXPECT_EQ(gil.at("switches").number(), 0);
      EXPECT_EQ(thread_named(run.report, "main").at("gil").at("acquires").number(),
                gil.at("acquires").number());
      return gil.at("acquires").number();
    };
    acquires(0);  // The first writes what Python keeps of its modules.
    const double few = acquires(0);
    EXPECT_GE(few, 1'000);
    EXPECT_EQ(acquires(789) - few, 789);
  });
}

TEST_F(TraceReport, SaysWhereAThreadsTimeWent) {
  on_each(kGil, [&](const Interpreter& python) {
    const TracedRun run = trace_text(python,
                                     "import threading, time\n"
                                     "def compute():\n"
                                     "    ids.append(threading.get_native_id())\n"
                                     "    end = time.thread_time() + 0.1\n"
                                     "    while time.thread_time() < end: pass\n"
                                     "def sleep():\n"
                                     "    ids.append(threading.get_native_id())\n"
                                     "    time.sleep(0.1)\n"
                                     "ids = []\n"
                                     "for target in (compute, sleep):\n"
                                     "    thread = threading.Thread(target=target)\n"
                                     "    thread.start()\n"
                                     "    thread.join()\n"
                                     "print(*ids)\n");
    std::istringstream ids(run.result.standard_output);
    double computes = 0, sleeps = 0;
    ids >> computes >> sleeps;
    // Some of a processor's time goes by while a thread takes the GIL or is about to.
    EXPECT_GE(thread_of(run.report, computes).at("gil").at("held_ns").number(), 90e6);
    // Python may lose a moment after it has decided until when it sleeps, before it lets the GIL go.
    EXPECT_GE(thread_of(run.report, sleeps).at("gil").at("detached_ns").number(), 50e6);
    EXPECT_LT(thread_of(run.report, sleeps).at("gil").at("acquires").number(), 100);
  });
}

TEST_F(TraceReport, CountsThreadsThatTakeTheGilFromEachOther) {
  on_each(kGil, [&](const Interpreter& python) {
    const TracedRun run = trace_text(python,
                                     "import sys, threading, time\n"
                                     "sys.setswitchinterval(0.001)\n"
                                     "def compute():\n"
                                     "    end = time.thread_time() + 0.05\n"
                                     "    while time.thread_time() < end: pass\n"
                                     "threads = [threading.Thread(target=compute) for _ in range(2)]\n"
                                     "for thread in threads: thread.start()\n"
                                     "for thread in threads: thread.join()\n");
    const Json gil = run.report.at("gils").at(0);
    EXPECT_GE(gil.at("switches").number(), 3);
    EXPECT_GE(gil.at("waits").number(), 1);
    EXPECT_GE(gil.at("timeouts").number(), 1);
    EXPECT_GE(gil.at("handoffs").number(), 1);
    EXPECT_LE(gil.at("handoffs").number(), gil.at("waits").number());
    EXPECT_EQ(gil.at("contradictions").number(), 0);
    EXPECT_EQ(run.report.at("threads").size(), 3U);
    ASSERT_GE(run.report.at("long_waits").size(), 1U);
  });
}

TEST_F(TraceReport, CountsStopsOfTheWorld) {
  on_each(kNoGil, [&](const Interpreter& python) {
    const TracedRun run = trace_text(python,
                                     "import gc, threading\n"
                                     "gc.disable()\n"
                                     "steps, done = [0], []\n"
                                     "def count():\n"
                                     "    while not done: steps[0] += 1\n"
                                     "thread = threading.Thread(target=count)\n"
                                     "thread.start()\n"
                                     "for _ in range(10):\n"
                                     "    step = steps[0]\n"
                                     "    while steps[0] < step + 10: pass\n"
                                     "    gc.collect()\n"
                                     "done.append(True)\n"
                                     "thread.join()\n");
    const auto stops = with(run.report.at("world_stops"), "why", "garbage collection");
    ASSERT_EQ(stops.size(), 1U) << run.report.at("world_stops");
    // A collection stops it twice: to find what is garbage, and to see what its finalizers have made of it.
    // At the end there may be another.
    EXPECT_GE(stops[0].at("stops").number(), 1);
    EXPECT_LE(stops[0].at("stops").number(), 24);
    EXPECT_EQ(stops[0].at("requester"), "main");
    EXPECT_NE(stops[0].at("last"), "main");
    EXPECT_GT(stops[0].at("longest_ns").number(), 0);
  });
}

TEST_F(TraceReport, KnowsOfNoStopsWhereThereIsAGil) {
  on_each(kGil, [&](const Interpreter& python) {
    const TracedRun run = trace_text(python,
                                     "import gc, threading\n"
                                     "thread = threading.Thread(target=gc.collect)\n"
                                     "thread.start()\n"
                                     "gc.collect()\n"
                                     "thread.join()\n");
    EXPECT_EQ(run.report.at("world_stops").size(), 0U) << run.report.at("world_stops");
  });
}

TEST_F(TraceReport, TellsTheGilOfEachSubinterpreter) {
  on_each(kSubinterpreters, [&](const Interpreter& python) {
    const TracedRun run =
        trace_text(python,
                   "import threading, time\n"
                   "from concurrent import interpreters\n"
                   "inner = interpreters.create()\n"
                   "code = 'import time\\nfor _ in range(1000): time.sleep(0)'\n"
                   "thread = threading.Thread(target=inner.exec, args=(code,), name='inner')\n"
                   "thread.start()\n"
                   "thread.join()\n"
                   "inner.close()\n");
    const auto gils = run.report.at("gils").elements();
    ASSERT_EQ(gils.size(), 2U) << run.report.at("gils");
    EXPECT_NE(gils[0].at("gil").number(), gils[1].at("gil").number());
    EXPECT_GE(gils[1].at("acquires").number(), 1000);
    double acquires = 0;
    for (const Json& use : thread_named(run.report, "inner").at("gils").elements()) {
      if (use.at("gil").number() == gils[1].at("gil").number()) acquires = use.at("acquires").number();
    }
    EXPECT_GE(acquires, 1000);
  });
}

// The GIL of one may be where that of the one before was.
TEST_F(TraceReport, TellsTheGilsOfSubinterpretersThatFollowOneAnother) {
  on_each(kSubinterpreters, [&](const Interpreter& python) {
    const TracedRun run = trace_text(python,
                                     "from concurrent import interpreters\n"
                                     "for _ in range(4):\n"
                                     "    inner = interpreters.create()\n"
                                     "    inner.exec('import time; time.sleep(0)')\n"
                                     "    inner.close()\n");
    EXPECT_EQ(run.report.at("gils").elements().size(), 5U) << run.report.at("gils");
  });
}

// Of more than a thread keeps apart the rest is told as one.
TEST_F(TraceReport, AddsUpTheGilsOfManySubinterpreters) {
  on_each(kSubinterpreters, [&](const Interpreter& python) {
    const TracedRun run = trace_text(python,
                                     "from concurrent import interpreters\n"
                                     "code = 'import time\\nfor _ in range(100): time.sleep(0)'\n"
                                     "for _ in range(40):\n"
                                     "    inner = interpreters.create()\n"
                                     "    inner.exec(code)\n"
                                     "    inner.close()\n");
    double acquires = 0, acquires_of_threads = 0;
    for (const Json& gil : run.report.at("gils").elements()) {
      acquires += gil.at("acquires").number();
      EXPECT_EQ(gil.number("contradictions", 0), 0);
    }
    for (const Json& thread : run.report.at("threads").elements()) {
      acquires_of_threads += thread.at("gil").at("acquires").number();
    }
    EXPECT_GE(run.report.at("gils").size(), 2U);
    EXPECT_GE(acquires, 40 * 100);
    EXPECT_EQ(acquires_of_threads, acquires);
    EXPECT_EQ(notes_of(run.report), "");
  });
}

TEST_F(TraceReport, CountsThreadsOfNativeCodeThatCallPython) {
  on_each(kGil, [&](const Interpreter& python) {
    const TracedRun run =
        trace_text(python,
                   "import ctypes\n"
                   "@ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)\n"
                   "def attached(argument): return 0\n"
                   "library, native = ctypes.CDLL(None), ctypes.c_ulong()\n"
                   "for _ in range(20):\n"
                   "    library.pthread_create(ctypes.byref(native), None, attached, None)\n"
                   "    library.pthread_join(native, None)\n");
    EXPECT_EQ(run.report.at("threads_ever").number(), 21);
  });
}

// One after the other: there is room for each.
TEST_F(TraceReport, CountsThousandsOfShortThreads) {
  on_each(kAnyPython, [&](const Interpreter& python) {
    const TracedRun run = trace_text(python,
                                     "import threading\n"
                                     "for _ in range(3000):\n"
                                     "    thread = threading.Thread(target=int)\n"
                                     "    thread.start()\n"
                                     "    thread.join()\n");
    EXPECT_EQ(run.report.at("threads_ever").number(), 3001);
    EXPECT_EQ(notes_of(run.report).find("missing"), std::string::npos) << notes_of(run.report);
    double threads = 0;
    for (const Json& thread : run.report.at("threads").elements()) threads += thread.at("threads").number();
    EXPECT_EQ(threads, 3001);
  });
}

// There is room for no more.
TEST_F(TraceReport, SaysWhereThreadsAreMissing) {
  on_each(kGil, [&](const Interpreter& python) {
    const TracedRun run = trace_text(python,
                                     "import threading\n"
                                     "gate = threading.Event()\n"
                                     "threads = [threading.Thread(target=gate.wait) for _ in range(1100)]\n"
                                     "for thread in threads: thread.start()\n"
                                     "gate.set()\n"
                                     "for thread in threads: thread.join()\n");
    expect_holds(notes_of(run.report), {"missing", "threads"});
  });
}

}  // namespace
}  // namespace harness
