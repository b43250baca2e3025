// harness/gil_trace/python_trace_test.cpp: the hook on a real CPython. By hand: set PYTHONHOME for a
// libpython that does not find its standard library, PYTHON_GIL=1 for one that is free-threaded.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "harness/gil_trace/analysis.h"
#include "harness/gil_trace/gil_table.h"
#include "harness/gil_trace/interposer.h"
#include "harness/gil_trace/learn.h"
#include "harness/gil_trace/recorder.h"
#include "harness/testing/python_cases.h"

namespace harness::gil_trace {
namespace {

// The interpreter of this process, from its start to its end. The functions of CPython that are called are
// looked up under their own names, since no libpython is linked.
struct Python {
  explicit Python(const Interpreter& python)
      : library(dlopen(python.libpython.c_str(), RTLD_NOW | RTLD_GLOBAL)) {
    if (library == nullptr) throw std::runtime_error(dlerror());
    find(Py_InitializeEx, "Py_InitializeEx");
    find(Py_FinalizeEx, "Py_FinalizeEx");
    find(PyEval_SaveThread, "PyEval_SaveThread");
    find(PyEval_RestoreThread, "PyEval_RestoreThread");
    find(PyGILState_Ensure, "PyGILState_Ensure");
    find(PyGILState_Release, "PyGILState_Release");
    find(PyRun_SimpleString, "PyRun_SimpleString");
    reserve_buffers();
    Py_InitializeEx(0);
    run("import sys\ngil = getattr(sys, '_is_gil_enabled', lambda: True)()\n");
  }
  ~Python() { EXPECT_EQ(Py_FinalizeEx(), 0); }
  Python(const Python&) = delete;
  Python& operator=(const Python&) = delete;

  template <typename Function>
  void find(Function*& function, const char* name) {
    function = reinterpret_cast<Function*>(dlsym(library, name));
    if (function == nullptr) throw std::runtime_error(dlerror());
  }

  void run(const std::string& code) const {
    if (PyRun_SimpleString(code.c_str()) != 0) throw std::runtime_error("the Python code failed");
  }

  // By the main thread, attached before and after.
  LearnedGil learn() const {
    EXPECT_TRUE(hook_self_test()) << "the interposer is not bound";
    void* state = nullptr;
    return learn_gil([&] { state = PyEval_SaveThread(); }, [&] { PyEval_RestoreThread(state); });
  }

  void* library;
  void (*Py_InitializeEx)(int);
  int (*Py_FinalizeEx)();
  void* (*PyEval_SaveThread)();
  void (*PyEval_RestoreThread)(void*);
  int (*PyGILState_Ensure)();
  void (*PyGILState_Release)(int);
  int (*PyRun_SimpleString)(const char*);
};

Analysis analysed(const Recording& recording) {
  Analysis analysis = analyse(recording, {recording.begin_ns, recording.end_ns});
  const GilUse all = analysis.total();
  std::printf(
      "%.3f s: acquires %llu, releases %llu, switches %llu, forced %llu, timeouts %llu, dropped %llu\n",
      static_cast<double>(analysis.window.length_ns()) * 1e-9, static_cast<unsigned long long>(all.acquires),
      static_cast<unsigned long long>(all.releases), static_cast<unsigned long long>(all.switches),
      static_cast<unsigned long long>(all.forced_switches), static_cast<unsigned long long>(all.timeouts),
      static_cast<unsigned long long>(analysis.dropped_events));
  EXPECT_EQ(analysis.failure, "");
  return analysis;
}

// What happens while `body` runs, with the calling thread detached before and after.
Recording record(const std::function<void()>& body) {
  start_recording();
  body();
  stop_recording();
  return collect_recording();
}

constexpr const char* kCountDown =
    "def count(n):\n"
    "    while n: n -= 1\n";

// `code` in each of `threads` native threads, which are attached meanwhile; returns when all have ended.
void run_in_team(const Python& python, int threads, const std::string& code) {
  std::vector<std::jthread> team;
  for (int member = 0; member < threads; ++member) {
    team.emplace_back([&python, &code, member] {
      harness::trace::name_this_thread("team " + std::to_string(member));
      const int state = python.PyGILState_Ensure();
      python.run(code);
      python.PyGILState_Release(state);
    });
  }
}

void uncontended_pairs(const Python& python) {
  const Recording recording = record([&] {
    for (int pair = 0; pair < 1000; ++pair) {
      const int state = python.PyGILState_Ensure();
      python.PyGILState_Release(state);
    }
  });
  const Analysis analysis = analysed(recording);
  EXPECT_EQ(analysis.total().acquires, 1000U);
  EXPECT_EQ(analysis.total().releases, 1000U);
  EXPECT_TRUE(analysis.total().waits_ns.empty());
}

void contended_countdown(const Python& python) {
  const Recording recording =
      record([&] { run_in_team(python, 2, kCountDown + std::string("count(4_000_000)\n")); });
  const Analysis analysis = analysed(recording);
  EXPECT_EQ(analysis.uses.size(), 2U) << "threads";
  EXPECT_EQ(analysis.total().acquires, analysis.total().releases);
  EXPECT_GT(analysis.total().switches, 2U) << "two threads that contend do not switch";
}

void script_threads(const Python& python) {
  const Recording recording = record([&] {
    run_in_team(
        python, 1,
        kCountDown +
            std::string("import threading\n"
                        "threads = [threading.Thread(target=count, args=(1_000_000,)) for _ in range(3)]\n"
                        "for thread in threads: thread.start()\n"
                        "for thread in threads: thread.join()\n"));
  });
  const Analysis analysis = analysed(recording);
  EXPECT_EQ(analysis.uses.size(), 4U) << "the script's three threads and their parent";
}

// How long each wait went on before its first timeout.
std::vector<std::int64_t> first_timeouts_ns(const Recording& recording) {
  std::vector<std::int64_t> lengths_ns;
  for (const ThreadEvents& thread : recording.threads) {
    std::optional<std::int64_t> waits_since_ns;
    for (const Event& event : thread.events) {
      if (event.kind == EventKind::wait) {
        waits_since_ns = event.time_ns;
      } else if (waits_since_ns) {
        if (event.kind == EventKind::timeout) lengths_ns.push_back(event.time_ns - *waits_since_ns);
        waits_since_ns.reset();
      }
    }
  }
  return lengths_ns;
}

// For a person to look at: how often two threads switch, against the wall time over the switch interval; and
// of what a hold consists then: the waiter's timeout, the holder's answer, the hand-off.
void switch_interval(const Python& python) {
  for (const double interval_s : {0.005, 0.001}) {
    const int state = python.PyGILState_Ensure();
    python.run("import sys; sys.setswitchinterval(" + std::to_string(interval_s) + ")");
    python.PyGILState_Release(state);
    const Recording recording =
        record([&] { run_in_team(python, 2, kCountDown + std::string("count(20_000_000)\n")); });
    const Analysis analysis = analysed(recording);
    const GilUse all = analysis.total();
    const double expected = static_cast<double>(analysis.window.length_ns()) * 1e-9 / interval_s;
    std::printf("interval %.3f ms: %llu switches, wall/interval %.0f, ratio %.3f\n", interval_s * 1e3,
                static_cast<unsigned long long>(all.switches), expected,
                static_cast<double>(all.switches) / expected);
    const auto print_us = [](const char* what, const std::vector<std::int64_t>& lengths_ns) {
      std::printf("  %s: p50 %.0f us, p90 %.0f us\n", what,
                  static_cast<double>(percentile(lengths_ns, 50).value_or(0)) * 1e-3,
                  static_cast<double>(percentile(lengths_ns, 90).value_or(0)) * 1e-3);
    };
    print_us("first timeout", first_timeouts_ns(recording));
    print_us("wait", all.waits_ns);
    print_us("hand-off", all.handoffs_ns);
    print_us("hold", all.holds_ns);
  }
}

void learns_a_gil_where_one_is_on(const Interpreter& interpreter) {
  if (!kInterposerIsBuiltIn) GTEST_SKIP() << "ThreadSanitizer has the functions";
  ::unsetenv("PYTHON_GIL");
  const Python python(interpreter);
  python.run(interpreter.free_threaded ? "assert not gil" : "assert gil");
  using Outcome = LearnedGil::Outcome;
  EXPECT_EQ(python.learn().outcome, interpreter.free_threaded ? Outcome::no_events : Outcome::learned);
}

// A case that runs detached, when the GIL has been learned.
PythonCase traced(const std::string& name, void (*body)(const Python&)) {
  const auto run = [body](const Interpreter& interpreter) {
    if (!kInterposerIsBuiltIn) GTEST_SKIP() << "ThreadSanitizer has the functions";
    const Python python(interpreter);
    const LearnedGil learned = python.learn();
    if (learned.outcome == LearnedGil::Outcome::no_events) {
      python.run("assert not gil");
      GTEST_SKIP() << "it has no GIL, and PYTHON_GIL=1 is not set";
    }
    ASSERT_EQ(learned.outcome, LearnedGil::Outcome::learned);
    void* const state = python.PyEval_SaveThread();
    body(python);
    python.PyEval_RestoreThread(state);
    forget_gil(*learned.gil);
  };
  return {name, run};
}

std::map<std::string, std::optional<std::string>> environment_of(const Interpreter& python) {
  std::map<std::string, std::optional<std::string>> environment;
  if (!python.base_prefix.empty()) environment["PYTHONHOME"] = python.base_prefix;
  if (python.free_threaded) environment["PYTHON_GIL"] = "1";
  return environment;
}

}  // namespace
}  // namespace harness::gil_trace

int main(int argc, char** argv) {
  using namespace harness::gil_trace;
  const std::vector<harness::PythonCase> cases{
      {"learns_a_gil_where_one_is_on", learns_a_gil_where_one_is_on},
      traced("uncontended_pairs", uncontended_pairs),
      traced("contended_countdown", contended_countdown),
      traced("script_threads", script_threads),
  };
  const std::vector<harness::PythonCase> by_hand{traced("switch_interval", switch_interval)};
  return harness::run_python_cases(argc, argv, "PythonTrace", cases,
                                   {.environment = environment_of, .by_hand = by_hand});
}
