// harness/gil_trace/python_trace_test.cpp: the hook on a real CPython, whichever libpython is named.
//
//   python_trace_test CASE LIBPYTHON
//
// Not GoogleTest: CPython's state is the process's, so each case is a process of its own. Ends with 0 if what
// was to be shown was seen, 1 if not, 77 if this CPython has no GIL to show it on. Set PYTHONHOME for a
// libpython that does not find its standard library.
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "harness/gil_trace/analysis.h"
#include "harness/gil_trace/gil_table.h"
#include "harness/gil_trace/learn.h"
#include "harness/gil_trace/recorder.h"

namespace {

using namespace harness::gil_trace;

constexpr int kSkipped = 77;  // CTest's SKIP_RETURN_CODE

// The functions of CPython that are called, under their own names; looked up, since no libpython is linked.
struct Python {
  explicit Python(const char* libpython) : library(dlopen(libpython, RTLD_NOW | RTLD_GLOBAL)) {
    if (library == nullptr) throw std::runtime_error(dlerror());
    find(Py_InitializeEx, "Py_InitializeEx");
    find(Py_FinalizeEx, "Py_FinalizeEx");
    find(PyEval_SaveThread, "PyEval_SaveThread");
    find(PyEval_RestoreThread, "PyEval_RestoreThread");
    find(PyGILState_Ensure, "PyGILState_Ensure");
    find(PyGILState_Release, "PyGILState_Release");
    find(PyRun_SimpleString, "PyRun_SimpleString");
  }

  template <typename Function>
  void find(Function*& function, const char* name) {
    function = reinterpret_cast<Function*>(dlsym(library, name));
    if (function == nullptr) throw std::runtime_error(dlerror());
  }

  void run(const std::string& code) const {
    if (PyRun_SimpleString(code.c_str()) != 0) throw std::runtime_error("the Python code failed");
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

void require(bool condition, const std::string& what) {
  if (!condition) throw std::runtime_error(what);
}

Analysis analysed(const Recording& recording) {
  Analysis analysis = analyse(recording, {recording.begin_ns, recording.end_ns});
  const GilUse all = analysis.total();
  std::printf(
      "%.3f s: acquires %llu, releases %llu, switches %llu, forced %llu, timeouts %llu, dropped %llu\n",
      static_cast<double>(analysis.window.length_ns()) * 1e-9, static_cast<unsigned long long>(all.acquires),
      static_cast<unsigned long long>(all.releases), static_cast<unsigned long long>(all.switches),
      static_cast<unsigned long long>(all.forced_switches), static_cast<unsigned long long>(all.timeouts),
      static_cast<unsigned long long>(analysis.dropped_events));
  require(analysis.failure.empty(), analysis.failure);
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
  require(analysis.total().acquires == 1000, "1,000 uncontended pairs are not 1,000 acquires");
  require(analysis.total().releases == 1000, "1,000 uncontended pairs are not 1,000 releases");
  require(analysis.total().waits_ns.empty(), "nobody waited, yet there are waits");
}

void contended_countdown(const Python& python) {
  const Recording recording =
      record([&] { run_in_team(python, 2, kCountDown + std::string("count(4_000_000)\n")); });
  const Analysis analysis = analysed(recording);
  require(analysis.uses.size() == 2, "two threads are not two threads' events");
  require(analysis.total().acquires == analysis.total().releases, "acquires are not releases");
  require(analysis.total().switches > 2, "two threads that contend do not switch");
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
  require(analysis.uses.size() == 4,
          "a script's three threads and their parent are not four threads' events");
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

struct Case {
  const char* name;
  void (*run)(const Python&);
};
constexpr Case kCases[] = {
    {"uncontended_pairs", uncontended_pairs},
    {"contended_countdown", contended_countdown},
    {"script_threads", script_threads},
    {"switch_interval", switch_interval},
};

int run_case(const Case& chosen, const char* libpython) {
  const Python python(libpython);
  require(hook_self_test(), "the interposer is not bound");
  reserve_buffers();
  python.Py_InitializeEx(0);
  python.run(
      "import sys; print(sys.version, 'GIL', getattr(sys, '_is_gil_enabled', lambda: True)(), flush=True)");
  void* state = nullptr;
  const LearnedGil learned =
      learn_gil([&] { state = python.PyEval_SaveThread(); }, [&] { python.PyEval_RestoreThread(state); });
  if (learned.outcome == LearnedGil::Outcome::no_events) {
    python.run("assert not sys._is_gil_enabled()");
    std::puts("no GIL");
    return kSkipped;
  }
  require(learned.outcome == LearnedGil::Outcome::learned, "the GIL was not learned");
  state = python.PyEval_SaveThread();
  chosen.run(python);
  python.PyEval_RestoreThread(state);
  forget_gil(*learned.gil);
  return python.Py_FinalizeEx();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    for (const Case& one : kCases) {
      if (argc == 3 && std::strcmp(argv[1], one.name) == 0) return run_case(one, argv[2]);
    }
    std::fprintf(stderr, "usage: python_trace_test CASE LIBPYTHON\n");
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "python_trace_test: %s\n", error.what());
    return 1;
  }
}
