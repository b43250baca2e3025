// harness/embed/embed_case_ways.cpp: interpreters of their own, and Python's own workers.
#include "harness/embed/embed_case_ways.h"

#include <signal.h>

#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "harness/testing/assertions.h"

namespace harness::embed {
namespace {

using namespace std::chrono_literals;
using Slices = std::vector<std::vector<std::int64_t>>;

bool has_interpreters(const Python& python) {
  const std::string version = python.attached([&] { return python.api().facts().version; });
  return std::stoi(version.substr(version.find('.') + 1)) >= 12;
}

/// Runs `body(thread)` in a thread with an interpreter of its own.
void in_own_interpreter(const Api& api, const std::function<void(ThreadState*)>& body) {
  std::async(std::launch::async, [&] {
    ThreadState* const thread = api.enter_interpreter();
    body(thread);
    api.leave_thread(thread);
  }).get();
}

std::string endless(const Surroundings& around) {
  return around.folder.write("endless.py", "def run(begin, end):\n    while begin < end:\n        pass\n")
      .string();
}

}  // namespace

void gives_a_thread_an_interpreter_of_its_own(const Surroundings& around) {
  const Python python = around.start(0.25);
  const Api& api = python.api();
  if (!has_interpreters(python)) {
    const auto enter = [&] { in_own_interpreter(api, [](ThreadState*) {}); };
    EXPECT_EQ(error_of<NotApplicable>(enter),
              "it needs 3.12 (the first CPython whose subinterpreters have a GIL of their own); to get it: "
              "--python=\"$(harness/get_cpython.sh 3.14.7)/bin/python3\"");
    return;
  }
  const std::string script =
      around.folder
          .write("counts.py",
                 "calls = 0\ndef run(begin, end):\n    global calls\n    calls += 1\n    return calls\n")
          .string();
  for (int round = 0; round < 3; ++round) {
    in_own_interpreter(api, [&](ThreadState* thread) {
      const Attached attached(api, thread);
      EXPECT_EQ(api.settings().switch_interval_s, 0.25);
      Script* const loaded = api.load(script);
      EXPECT_TRUE(run_once(api, loaded, Returns::integer) == 1) << "another interpreter's module";
      EXPECT_TRUE(run_once(api, loaded, Returns::integer) == 2);
      api.unload(loaded);
      // The main interpreter's GIL is free meanwhile.
      api.released([&] { in_threads(api, 1, [&](ThreadState* other) { const Attached main(api, other); }); });
    });
  }
  const Loaded main(python, around, "fails", "def run(begin, end):\n    raise ValueError('here')\n");
  EXPECT_EQ(error_of_run(python, around, "raise ValueError('there')", Returns::nothing).what(),
            std::string("ValueError: there"))
      << "the main one goes on";
}

void stops_an_endless_loop_in_an_interpreter_of_its_own(const Surroundings& around) {
  const Python python = around.start();
  const Api& api = python.api();
  if (!has_interpreters(python)) GTEST_SKIP() << "there are no such interpreters";
  const std::string path = endless(around);
  in_own_interpreter(api, [&](ThreadState* thread) {
    std::atomic<bool> runs{false};
    bool was_stopped = false;
    auto stopping = std::async(std::launch::async, [&] {
      while (!runs) std::this_thread::yield();
      std::this_thread::sleep_for(20ms);
      api.stop(std::array{thread});
    });
    {
      const Attached attached(api, thread);
      Script* const loaded = api.load(path);
      runs = true;
      try {
        run_once(api, loaded, Returns::nothing);
      } catch (const Stopped&) {
        was_stopped = true;
      }
      api.unload(loaded);
    }
    stopping.get();
    EXPECT_TRUE(was_stopped);
  });
}

void says_that_workers_hang(const Surroundings& around) {
  const Python python = around.start();
  const Api& api = python.api();
  const std::string path =
      around.folder
          .write("hangs.py",
                 "import time\ndef run(begin, end):\n    if begin < end:\n        time.sleep(6)\n")
          .string();
  for (const std::string way : {"processes", "process_pool", "thread_pool"}) {
    python.attached([&] {
      Workers* const workers = api.start_workers(
          {.way = way, .start_method = "fork", .count = 2, .script = path, .patience_s = 0.5});
      Script* const all = api.open_workers(workers, {}, Slices{{0, 1}, {1, 2}}, 2);
      Call* const call = api.prepare(all, {}, {}, Returns::nothing);
      EXPECT_EQ(error_of<ScriptError>([&] { api.call(call); }),
                "its workers hang: for 0.5 s none of them has computed (--patience)")
          << way;
      api.discard(call);
      api.unload(all);
      api.end_workers(workers);
    });
  }
}

void ends_workers_that_hang(const Surroundings& around) {
  const Python python = around.start();
  const Api& api = python.api();
  const std::string path = endless(around);
  std::vector<std::int64_t> processes;
  python.attached([&] {
    Workers* const workers =
        api.start_workers({.way = "processes", .start_method = "fork", .count = 1, .script = path});
    Script* const all = api.open_workers(workers, {}, Slices{{0, 1}}, 1);
    processes = api.worker_processes(workers);
    Call* const call = api.prepare(all, {}, {}, Returns::nothing);
    auto stopping = std::async(std::launch::async, [&] {
      std::this_thread::sleep_for(100ms);
      api.stop(std::array{api.main_thread()});
    });
    EXPECT_THROW(api.call(call), Stopped);
    api.released([&] { stopping.get(); });
    api.discard(call);
    api.unload(all);
    api.end_workers(workers);
  });
  ASSERT_EQ(processes.size(), 1U);
  EXPECT_NE(::kill(static_cast<pid_t>(processes[0]), 0), 0) << "it goes on";
}

}  // namespace harness::embed
