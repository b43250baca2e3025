// harness/embed/embed_case.cpp: one case of the embedding a process, since there is one interpreter a
// process.
//
// embed_case CASE MODULE LIBPYTHON [EXECUTABLE]: exit 0 where the case holds. Without arguments it names the
// cases. Any CPython can be given by hand; EXECUTABLE is the one that belongs to the libpython, and tells it
// where its standard library is. In the spirit of CPython's Programs/_testembed.c: a table and a short main.
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <iostream>
#include <string_view>
#include <thread>

#include "harness/embed/embed_case_leaks.h"
#include "harness/embed/embed_case_support.h"

namespace harness::embed {
namespace {

using namespace std::chrono_literals;

constexpr int kThreads = 4;

// The cases.

void starts_and_ends(const Surroundings& around) {
  const Python python = around.start(0.25);
  const Facts facts = python.attached([&] { return python.api().facts(); });
  expect_part(facts.version, "3.");
  expect_equal(facts.implementation, "cpython");
  expect(!facts.prefix.empty(), "a prefix");
  expect(facts.switch_interval_s == 0.25, "the switch interval that was asked for");
  expect(facts.gil_enabled || facts.free_threaded, "a GIL in a build that has one");
  expect(python.attached([&] { return python.api().gil_enabled(); }) == facts.gil_enabled,
         "the same answer twice");
}

void does_not_load_what_is_no_libpython(const Surroundings& around) {
  try {
    const Python python(around.folder.path() / "libpython3.so", around.module, {});
    expect(false, "an error");
  } catch (const UserError& error) {
    expect_part(error.what(), "--python: cannot load " + around.folder.path().string());
  }
}

void prints_nothing_to_standard_output(const Surroundings& around) {
  const std::filesystem::path file = around.folder.write("standard output", "");
  expect(std::freopen(file.c_str(), "w", stdout) != nullptr, "a file in place of standard output");
  {
    const Python python = around.start();
    const Loaded script(python, around, "talks", "def run(begin, end):\n    print('noise', flush=True)\n");
    python.attached([&] { run_once(python.api(), script.get(), Returns::nothing); });
  }
  std::fflush(stdout);
  expect(std::filesystem::file_size(file) == 0, "standard output without what the script prints");
}

void attaches_one_thread_at_a_time_with_a_gil(const Surroundings& around) {
  const Python python = around.start();
  const bool gil = python.attached([&] { return python.api().gil_enabled(); });
  std::atomic<int> inside{0}, most{0}, times{0};
  in_threads(python.api(), kThreads, [&](ThreadState* thread) {
    for (int i = 0; i < 1000; ++i) {
      const Attached attached(python.api(), thread);
      const int now = ++inside;
      if (now > most) most = now;
      std::this_thread::yield();
      ++times;
      --inside;
    }
  });
  expect(times == kThreads * 1000, "every attach to return");
  expect(!gil || most == 1, "one thread at a time to hold the GIL");
}

void calls_a_script_in_every_thread(const Surroundings& around) {
  const Python python = around.start();
  const Loaded script(python, around, "adds", "def run(begin, end):\n    return sum(range(begin, end))\n");
  std::atomic<int> right{0};
  in_threads(python.api(), kThreads, [&](ThreadState* thread) {
    for (int i = 0; i < 100; ++i) {
      const Attached attached(python.api(), thread);
      if (run_once(python.api(), script.get(), Returns::integer, {}, 10, 20) == 145) ++right;
    }
  });
  expect(right == kThreads * 100, "145 from every call");
}

void releases_the_gil_around_native_code(const Surroundings& around) {
  const Python python = around.start();
  python.attached([&] {
    // With the GIL held, the other thread could never attach, nor this one join it.
    python.api().released([&] {
      in_threads(python.api(), 1,
                 [&](ThreadState* thread) { const Attached attached(python.api(), thread); });
    });
    try {
      python.api().released([] { throw std::runtime_error("native"); });
      expect(false, "the native code's error");
    } catch (const std::runtime_error& error) {
      expect_equal(error.what(), "native");
    }
    python.api().facts();  // crashes unless attached again
  });
}

void shows_buffers_as_memoryviews(const Surroundings& around) {
  const Python python = around.start();
  const Loaded script(python, around, "copies",
                      "def run(source, target, begin, end):\n"
                      "    assert source.readonly and not target.readonly\n"
                      "    assert source.format == target.format == 'B' and source.nbytes == 4\n"
                      "    target[begin:end] = source[begin:end]\n");
  std::array<std::uint8_t, 4> source{1, 2, 3, 255}, target{};
  const std::array buffers{Buffer{source.data(), 4, false}, Buffer{target.data(), 4, true}};
  python.attached([&] { run_once(python.api(), script.get(), Returns::nothing, buffers, 1, 4); });
  expect(target == std::array<std::uint8_t, 4>{0, 2, 3, 255}, "the slice that was asked for, copied");
}

void takes_integers_of_up_to_128_bits(const Surroundings& around) {
  const Python python = around.start();
  const Loaded script(python, around, "powers", "def run(begin, end):\n    return 2**end - 1\n");
  for (const int bits : {0, 1, 63, 64, 65, 127, 128}) {
    const Integer wanted = bits == 128 ? ~Integer{0} : (Integer{1} << bits) - 1;
    const Integer result =
        python.attached([&] { return run_once(python.api(), script.get(), Returns::integer, {}, 0, bits); });
    expect(result == wanted, "2**" + std::to_string(bits) + " - 1");
  }
}

void refuses_results_that_are_none(const Surroundings& around) {
  const Python python = around.start();
  const auto error = [&](const std::string& result, Returns returns) -> std::string {
    return error_of_run(python, around, "return " + result, returns).what();
  };
  const std::string size = "run() returned an integer that is negative or over 128 bits";
  expect_equal(error("-1", Returns::integer), size);
  expect_equal(error("-2**200", Returns::integer), size);
  expect_equal(error("2**128", Returns::integer), size);
  expect_equal(error("1.5", Returns::integer), "run() returned 1.5, which is not an integer");
  expect_equal(error("None", Returns::integer), "run() returned None, which is not an integer");
  expect_equal(error("'ä'", Returns::integer), "run() returned 'ä', which is not an integer");
  expect_equal(error("0", Returns::nothing), "run() returned 0, but is to write its result and return None");
  expect_equal(error("type('T', (), {'__repr__': lambda self: 1 / 0})()", Returns::integer),
               "ZeroDivisionError: division by zero");
}

void tells_what_a_script_raises(const Surroundings& around) {
  const Python python = around.start();
  const auto error = [&](const std::string& body) {
    return error_of_run(python, around, body, Returns::nothing);
  };
  const ScriptError raised = error("raise ValueError('no good')");
  expect_equal(raised.what(), "ValueError: no good");
  expect(raised.traceback.starts_with("Traceback (most recent call last):\n"), raised.traceback);
  expect_part(raised.traceback, "script1.py\", line 2, in run\n    raise ValueError('no good')\n");
  expect_part(raised.traceback, "\nValueError: no good\n");
  expect_equal(error("raise ValueError('\\ud800')").what(), "ValueError: \\ud800");
  expect_equal(error("raise KeyboardInterrupt").what(), "KeyboardInterrupt");
  expect_equal(error("__import__('sys').exit(3)").what(), "called sys.exit(3)");
  expect_equal(error("__import__('sys').exit('why')").what(), "called sys.exit('why')");
  expect_part(error("return run(begin, end)").what(), "RecursionError: maximum recursion depth exceeded");
}

void tells_that_run_takes_other_arguments(const Surroundings& around) {
  const Python python = around.start();
  const Loaded script(python, around, "lonely", "def run():\n    return 1\n");
  try {
    python.attached([&] { run_once(python.api(), script.get(), Returns::integer); });
    expect(false, "an error");
  } catch (const ScriptError& error) {
    expect_equal(error.what(), "TypeError: run() takes 0 positional arguments but 2 were given");
  }
}

void tells_why_a_script_does_not_load(const Surroundings& around) {
  const Python python = around.start();
  const auto error = [&](const std::string& text) { return error_of_load(python, around, text); };
  const ScriptError syntax = error("def run(begin, end):\n    return +\n");
  expect_equal(syntax.what(), "SyntaxError: invalid syntax");
  expect_part(syntax.traceback, "broken.py\", line 2");
  expect_part(error("x = 1\n").what(), "broken.py does not define a function run()");
  expect_part(error("run = 1\n").what(), "broken.py does not define a function run()");
  expect_equal(error("import sys\nsys.exit(4)\n").what(), "called sys.exit(4)");
  expect_equal(error("import no_such_module\n").what(),
               "ModuleNotFoundError: No module named 'no_such_module'");
  expect(error("1 / 0\n").traceback.find("prelude.h") == std::string::npos, "no frame of the host's own");
  try {
    python.attached([&] { return python.api().load((around.folder.path() / "missing.py").string()); });
    expect(false, "an error");
  } catch (const ScriptError& missing) {
    expect_part(missing.what(), "FileNotFoundError: ");
  }
}

void finds_modules_beside_a_script(const Surroundings& around) {
  const Python python = around.start();
  around.folder.write("beside_the_script.py", "value = 42\n");
  const Loaded script(python, around, "imports",
                      "import beside_the_script, sys\n"
                      "assert sys.modules['imports'].__name__ == __name__ == 'imports'\n"
                      "def run(begin, end):\n    return beside_the_script.value\n");
  expect(python.attached([&] { return run_once(python.api(), script.get(), Returns::integer); }) == 42, "42");
  expect(!std::filesystem::exists(around.folder.path() / "__pycache__"),
         "nothing written beside the scripts");
}

void tells_what_cannot_be_imported(const Surroundings& around) {
  const Python python = around.start();
  const auto error_of = [&](const char* module) {
    return python.attached([&] { return python.api().import_error(module); });
  };
  expect(error_of("json").empty(), "json is there");
  expect_part(error_of("no_such_module"), "ModuleNotFoundError: No module named 'no_such_module'");
}

void stops_endless_loops_within_a_second(const Surroundings& around) {
  const Python python = around.start();
  // The second loop is one that a script's own handler must not survive.
  const Loaded plain(python, around, "plain", "def run(begin, end):\n    while True:\n        pass\n");
  const Loaded stubborn(python, around, "stubborn",
                        "def run(begin, end):\n"
                        "    while True:\n"
                        "        try:\n            begin += 1\n"
                        "        except Exception:\n            pass\n");
  const Api& api = python.api();
  std::array<ThreadState*, 2> threads{};
  std::atomic<std::size_t> entered{0};
  std::vector<std::future<bool>> stopped;
  for (Script* const script : {plain.get(), stubborn.get()}) {
    stopped.push_back(std::async(std::launch::async, [&, script] {
      ThreadState* const thread = api.enter_thread();
      bool was_stopped = false;
      try {
        const Attached attached(api, thread);
        threads.at(entered++) = thread;
        run_once(api, script, Returns::nothing);
      } catch (const Stopped&) {
        was_stopped = true;
      }
      api.leave_thread(thread);
      return was_stopped;
    }));
  }
  while (entered < threads.size()) std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(50ms);  // both are in their loops
  const auto deadline = std::chrono::steady_clock::now() + 1s;
  api.stop(threads);
  for (std::future<bool>& each : stopped) {
    expect(each.wait_until(deadline) == std::future_status::ready, "a stop within a second");
    expect(each.get(), "Stopped");
  }
  expect(python.attached([&] { return api.gil_enabled() || true; }), "an interpreter that goes on");
}

// A member of a team may fail before another has got the GIL for the first time.
void stops_a_run_that_has_not_begun(const Surroundings& around) {
  const Python python = around.start();
  const Loaded endless(python, around, "endless", "def run(begin, end):\n    while True:\n        pass\n");
  const Api& api = python.api();
  std::async(std::launch::async, [&] {
    ThreadState* const thread = api.enter_thread();
    api.stop(std::array{thread});
    bool was_stopped = false;
    try {
      const Attached attached(api, thread);
      run_once(api, endless.get(), Returns::nothing);
    } catch (const Stopped&) {
      was_stopped = true;
    }
    api.leave_thread(thread);
    expect(was_stopped, "Stopped");
  }).get();
}

// A kernel is called by the main thread, in a state of its own as any other's.
void enters_the_main_thread_too(const Surroundings& around) {
  const Python python = around.start();
  const Loaded quick(python, around, "quick", "def run(begin, end):\n    pass\n");
  const Api& api = python.api();
  for (int round = 0; round < 1'000; ++round) {
    ThreadState* const thread = api.enter_thread();
    bool was_stopped = false;
    try {
      if (round % 2 == 1) api.stop(std::array{thread});
      const Attached attached(api, thread);
      run_once(api, quick.get(), Returns::nothing);
    } catch (const Stopped&) {
      was_stopped = true;
    }
    api.leave_thread(thread);
    expect(was_stopped == (round % 2 == 1), "Stopped where it was");
    python.attached([&] { run_once(api, quick.get(), Returns::nothing); });  // in the main thread's own state
  }
}

struct Case {
  std::string_view name;
  void (*run)(const Surroundings&);
};

constexpr std::array kCases{
    Case{"starts_and_ends", starts_and_ends},
    Case{"does_not_load_what_is_no_libpython", does_not_load_what_is_no_libpython},
    Case{"prints_nothing_to_standard_output", prints_nothing_to_standard_output},
    Case{"attaches_one_thread_at_a_time_with_a_gil", attaches_one_thread_at_a_time_with_a_gil},
    Case{"calls_a_script_in_every_thread", calls_a_script_in_every_thread},
    Case{"releases_the_gil_around_native_code", releases_the_gil_around_native_code},
    Case{"shows_buffers_as_memoryviews", shows_buffers_as_memoryviews},
    Case{"takes_integers_of_up_to_128_bits", takes_integers_of_up_to_128_bits},
    Case{"refuses_results_that_are_none", refuses_results_that_are_none},
    Case{"tells_what_a_script_raises", tells_what_a_script_raises},
    Case{"tells_that_run_takes_other_arguments", tells_that_run_takes_other_arguments},
    Case{"tells_why_a_script_does_not_load", tells_why_a_script_does_not_load},
    Case{"finds_modules_beside_a_script", finds_modules_beside_a_script},
    Case{"tells_what_cannot_be_imported", tells_what_cannot_be_imported},
    Case{"stops_endless_loops_within_a_second", stops_endless_loops_within_a_second},
    Case{"stops_a_run_that_has_not_begun", stops_a_run_that_has_not_begun},
    Case{"enters_the_main_thread_too", enters_the_main_thread_too},
    Case{"leaks_nothing_in_calls", leaks_nothing_in_calls},
    Case{"leaks_nothing_in_results", leaks_nothing_in_results},
    Case{"leaks_nothing_in_errors", leaks_nothing_in_errors},
};

}  // namespace
}  // namespace harness::embed

int main(int argc, char** argv) try {
  using namespace harness::embed;
  if (argc < 4) {
    for (const Case& each : kCases) std::cout << each.name << '\n';
    return argc == 1 ? 0 : 2;
  }
  const Surroundings around{.module = argv[2], .libpython = argv[3], .executable = argc > 4 ? argv[4] : ""};
  for (const Case& each : kCases) {
    if (each.name != argv[1]) continue;
    each.run(around);
    return 0;
  }
  std::cerr << "no case " << argv[1] << '\n';
  return 2;
} catch (const std::exception& error) {
  std::cerr << "embed_case: " << error.what() << '\n';
  return 1;
}
