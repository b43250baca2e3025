// harness/embed/embed_case.cpp: the cases of the embedding. In the spirit of CPython's Programs/_testembed.c:
// a table and a short main.
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

#include "harness/embed/embed_case_code.h"
#include "harness/embed/embed_case_leaks.h"
#include "harness/embed/embed_case_support.h"
#include "harness/embed/embed_case_ways.h"
#include "harness/system/file_descriptor.h"
#include "harness/testing/assertions.h"
#include "harness/testing/python_cases.h"
#include "harness/testing/skip.h"

namespace harness::embed {
namespace {

using namespace std::chrono_literals;

constexpr int kThreads = 4;

void starts_and_ends(const Surroundings& around) {
  const Python python = around.start(0.25);
  const Facts facts = python.attached([&] { return python.api().facts(); });
  EXPECT_TRUE(contains(facts.version, "3."));
  EXPECT_EQ(facts.implementation, "cpython");
  EXPECT_NE(facts.prefix, "");
  EXPECT_EQ(facts.switch_interval_s, 0.25);
  EXPECT_TRUE(facts.gil_enabled || facts.free_threaded) << "a build that has a GIL says it is off";
  EXPECT_EQ(python.attached([&] { return python.api().gil_enabled(); }), facts.gil_enabled);
}

// sys.setswitchinterval(sys.getswitchinterval()) takes a microsecond from some of these.
void sets_the_switch_interval_back(const Surroundings& around) {
  const Python python = around.start();
  const auto set = [&](double seconds) {
    return python.attached([&] { return python.api().set_switch_interval(seconds); });
  };
  for (const double interval_s : {0.0001, 0.000029, 0.00005, 0.005, 1.0, 0.000001}) {
    set(interval_s);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(set(set(0.25)), 0.25);
    EXPECT_EQ(python.attached([&] { return python.api().settings().switch_interval_s; }), interval_s);
  }
}

void does_not_load_what_is_no_libpython(const Surroundings& around) {
  const auto missing = around.folder.path() / "libpython3.so";
  EXPECT_TRUE(contains(error_of([&] { const Python python(missing, around.module, {}); }),
                       "--python: cannot load " + missing.string()));
}

void prints_nothing_to_standard_output(const Surroundings& around) {
  const FileDescriptor before(::dup(STDOUT_FILENO));
  std::FILE* const printed = std::tmpfile();
  ASSERT_NE(printed, nullptr);
  ASSERT_EQ(::dup2(::fileno(printed), STDOUT_FILENO), STDOUT_FILENO);
  {
    const Python python = around.start();
    const Loaded script(python, around, "talks", "def run(begin, end):\n    print('noise', flush=True)\n");
    python.attached([&] { run_once(python.api(), script.get(), Returns::nothing); });
  }
  std::fflush(stdout);
  ASSERT_EQ(::dup2(before.get(), STDOUT_FILENO), STDOUT_FILENO);
  EXPECT_EQ(::lseek(::fileno(printed), 0, SEEK_END), 0) << "bytes in standard output";
  std::fclose(printed);
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
  EXPECT_EQ(times, kThreads * 1000);
  if (gil) {
    EXPECT_EQ(most, 1) << "threads that hold the GIL at a time";
  }
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
  EXPECT_EQ(right, kThreads * 100);
}

void releases_the_gil_around_native_code(const Surroundings& around) {
  const Python python = around.start();
  python.attached([&] {
    // With the GIL held, the other thread could never attach, nor this one join it.
    python.api().released([&] {
      in_threads(python.api(), 1,
                 [&](ThreadState* thread) { const Attached attached(python.api(), thread); });
    });
    const auto throws = [&] { python.api().released([] { throw std::runtime_error("native"); }); };
    EXPECT_EQ(error_of<std::runtime_error>(throws), "native");
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
  EXPECT_EQ(target, (std::array<std::uint8_t, 4>{0, 2, 3, 255})) << "the slice that was asked for, copied";
}

void takes_integers_of_up_to_128_bits(const Surroundings& around) {
  const Python python = around.start();
  const Loaded script(python, around, "powers", "def run(begin, end):\n    return 2**end - 1\n");
  for (const int bits : {0, 1, 63, 64, 65, 127, 128}) {
    const Integer wanted = bits == 128 ? ~Integer{0} : (Integer{1} << bits) - 1;
    const Integer result =
        python.attached([&] { return run_once(python.api(), script.get(), Returns::integer, {}, 0, bits); });
    EXPECT_TRUE(result == wanted) << "2**" << bits << " - 1";
  }
}

void refuses_results_that_are_none(const Surroundings& around) {
  const Python python = around.start();
  const auto error = [&](const std::string& result, Returns returns) -> std::string {
    return error_of_run(python, around, "return " + result, returns).what();
  };
  const std::string size = "run() returned an integer that is negative or over 128 bits";
  EXPECT_EQ(error("-1", Returns::integer), size);
  EXPECT_EQ(error("-2**200", Returns::integer), size);
  EXPECT_EQ(error("2**128", Returns::integer), size);
  EXPECT_EQ(error("1.5", Returns::integer), "run() returned 1.5, which is not an integer");
  EXPECT_EQ(error("None", Returns::integer), "run() returned None, which is not an integer");
  EXPECT_EQ(error("'ä'", Returns::integer), "run() returned 'ä', which is not an integer");
  EXPECT_EQ(error("0", Returns::nothing), "run() returned 0, but is to write its result and return None");
  EXPECT_EQ(error("type('T', (), {'__repr__': lambda self: 1 / 0})()", Returns::integer),
            "ZeroDivisionError: division by zero");
}

void tells_what_a_script_raises(const Surroundings& around) {
  const Python python = around.start();
  const auto error = [&](const std::string& body) {
    return error_of_run(python, around, body, Returns::nothing);
  };
  const ScriptError raised = error("raise ValueError('no good')");
  EXPECT_STREQ(raised.what(), "ValueError: no good");
  EXPECT_TRUE(raised.traceback.starts_with("Traceback (most recent call last):\n")) << raised.traceback;
  EXPECT_TRUE(contains(raised.traceback, "script1.py\", line 2, in run\n    raise ValueError('no good')\n"));
  EXPECT_TRUE(contains(raised.traceback, "\nValueError: no good\n"));
  EXPECT_STREQ(error("raise ValueError('\\ud800')").what(), "ValueError: \\ud800");
  EXPECT_STREQ(error("raise KeyboardInterrupt").what(), "KeyboardInterrupt");
  EXPECT_STREQ(error("__import__('sys').exit(3)").what(), "called sys.exit(3)");
  EXPECT_STREQ(error("__import__('sys').exit('why')").what(), "called sys.exit('why')");
  EXPECT_TRUE(
      contains(error("return run(begin, end)").what(), "RecursionError: maximum recursion depth exceeded"));
}

// Every process of a comparison would spend much of its time on this import. Beside threads that compute it
// would wait a switch interval at every file that it reads, so it comes before them.
void imports_traceback_where_a_second_thread_enters(const Surroundings& around) {
  const Python python = around.start();
  const Api& api = python.api();
  const Loaded script(python, around, "imported",
                      "import sys\n\ndef run(begin, end):\n    return int('traceback' in sys.modules)\n");
  const auto imported = [&](ThreadState* thread) {
    const Attached attached(api, thread);
    return run_once(api, script.get(), Returns::integer) == 1;
  };
  const bool by_site = imported(api.main_thread());
  in_threads(api, 1, [&](ThreadState* first) {
    EXPECT_EQ(imported(first), by_site);
    in_threads(api, 1, [](ThreadState*) {});
    EXPECT_TRUE(imported(first));
  });
}

void tells_that_run_takes_other_arguments(const Surroundings& around) {
  const Python python = around.start();
  const Loaded script(python, around, "lonely", "def run():\n    return 1\n");
  const auto run = [&] { python.attached([&] { run_once(python.api(), script.get(), Returns::integer); }); };
  EXPECT_EQ(error_of<ScriptError>(run), "TypeError: run() takes 0 positional arguments but 2 were given");
}

void tells_why_a_script_does_not_load(const Surroundings& around) {
  const Python python = around.start();
  const auto error = [&](const std::string& text) { return error_of_load(python, around, text); };
  const ScriptError syntax = error("def run(begin, end):\n    return +\n");
  EXPECT_STREQ(syntax.what(), "SyntaxError: invalid syntax");
  EXPECT_TRUE(contains(syntax.traceback, "broken.py\", line 2"));
  EXPECT_TRUE(contains(error("x = 1\n").what(), "broken.py does not define a function run()"));
  EXPECT_TRUE(contains(error("run = 1\n").what(), "broken.py does not define a function run()"));
  EXPECT_STREQ(error("import sys\nsys.exit(4)\n").what(), "called sys.exit(4)");
  EXPECT_STREQ(error("import no_such_module\n").what(),
               "ModuleNotFoundError: No module named 'no_such_module'");
  EXPECT_FALSE(contains(error("1 / 0\n").traceback, "prelude.h")) << "a frame of the host's own";
  const auto load = [&] {
    python.attached([&] { python.api().load((around.folder.path() / "missing.py").string()); });
  };
  EXPECT_TRUE(contains(error_of<ScriptError>(load), "FileNotFoundError: "));
}

void finds_modules_beside_a_script(const Surroundings& around) {
  const Python python = around.start();
  around.folder.write("beside_the_script.py", "value = 42\n");
  const Loaded script(python, around, "imports",
                      "import beside_the_script, sys\n"
                      "assert sys.modules['imports'].__name__ == __name__ == 'imports'\n"
                      "def run(begin, end):\n    return beside_the_script.value\n");
  EXPECT_TRUE(python.attached([&] { return run_once(python.api(), script.get(), Returns::integer); }) == 42);
  EXPECT_FALSE(std::filesystem::exists(around.folder.path() / "__pycache__"));
}

void tells_what_cannot_be_imported(const Surroundings& around) {
  const Python python = around.start();
  const auto error = [&](const char* module) {
    return python.attached([&] { return python.api().import_error(module); });
  };
  EXPECT_EQ(error("json"), "");
  EXPECT_TRUE(contains(error("no_such_module"), "ModuleNotFoundError: No module named 'no_such_module'"));
}

void stops_endless_loops_within_a_second(const Surroundings& around) {
  const Python python = around.start();
  // The second loop is one that a script's own handler must not survive. It has a loop of its own within:
  // CPython 3.10 sees no request, not even for the GIL, on a jump to a `try` (ceval.c: SETUP_FINALLY).
  const Loaded plain(python, around, "plain", "def run(begin, end):\n    while True:\n        pass\n");
  const Loaded stubborn(python, around, "stubborn",
                        "def run(begin, end):\n"
                        "    while True:\n"
                        "        try:\n            for _ in range(1000):\n                begin += 1\n"
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
    ASSERT_EQ(each.wait_until(deadline), std::future_status::ready);
    EXPECT_TRUE(each.get()) << "run() has ended, but not by Stopped";
  }
  const Loaded quick(python, around, "quick", "def run(begin, end):\n    return sum(range(begin, end))\n");
  EXPECT_TRUE(python.attached([&] { return run_once(api, quick.get(), Returns::integer, {}, 10, 20); }) ==
              145)
      << "the interpreter does not go on";
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
    EXPECT_TRUE(was_stopped);
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
    EXPECT_EQ(was_stopped, round % 2 == 1);
    python.attached([&] { run_once(api, quick.get(), Returns::nothing); });  // in the main thread's own state
  }
}

// A kernel's state is left while that of its ceiling, which came later, is still there.
void leaves_the_main_thread_in_any_order(const Surroundings& around) {
  const Python python = around.start();
  const Loaded quick(python, around, "quick", "def run(begin, end):\n    pass\n");
  const Api& api = python.api();
  for (int round = 0; round < 1'000; ++round) {
    ThreadState* const first = api.enter_thread();
    ThreadState* const second = api.enter_thread();
    api.stop(std::array{first, second});
    api.leave_thread(first);
    python.attached([] {});
    api.leave_thread(second);
    python.attached([&] { run_once(api, quick.get(), Returns::nothing); });  // of neither, which are stopped
  }
}

const std::vector<PythonCase> kCases{
    {"starts_and_ends", starts_and_ends},
    {"sets_the_switch_interval_back", sets_the_switch_interval_back},
    {"does_not_load_what_is_no_libpython", does_not_load_what_is_no_libpython},
    {"prints_nothing_to_standard_output", prints_nothing_to_standard_output},
    {"attaches_one_thread_at_a_time_with_a_gil", attaches_one_thread_at_a_time_with_a_gil},
    {"calls_a_script_in_every_thread", calls_a_script_in_every_thread},
    {"releases_the_gil_around_native_code", releases_the_gil_around_native_code},
    {"shows_buffers_as_memoryviews", shows_buffers_as_memoryviews},
    {"takes_integers_of_up_to_128_bits", takes_integers_of_up_to_128_bits},
    {"refuses_results_that_are_none", refuses_results_that_are_none},
    {"tells_what_a_script_raises", tells_what_a_script_raises},
    {"imports_traceback_where_a_second_thread_enters", imports_traceback_where_a_second_thread_enters},
    {"tells_that_run_takes_other_arguments", tells_that_run_takes_other_arguments},
    {"tells_why_a_script_does_not_load", tells_why_a_script_does_not_load},
    {"finds_modules_beside_a_script", finds_modules_beside_a_script},
    {"tells_what_cannot_be_imported", tells_what_cannot_be_imported},
    {"stops_endless_loops_within_a_second", stops_endless_loops_within_a_second},
    {"stops_a_run_that_has_not_begun", stops_a_run_that_has_not_begun},
    {"enters_the_main_thread_too", enters_the_main_thread_too},
    {"leaves_the_main_thread_in_any_order", leaves_the_main_thread_in_any_order},
    {"unmarshals_code_that_import_would_compile", unmarshals_code_that_import_would_compile, kFreeThreaded},
    {"compiles_code_where_it_is_asked_to", compiles_code_where_it_is_asked_to},
    {"keeps_code_in_its_own_cache_alone", keeps_code_in_its_own_cache_alone},
    {"loads_code_that_the_cache_has", loads_code_that_the_cache_has},
    {"never_runs_the_code_of_an_older_text", never_runs_the_code_of_an_older_text},
    {"replaces_damaged_code", replaces_damaged_code},
    {"does_without_a_cache_that_cannot_be_written", does_without_a_cache_that_cannot_be_written},
    {"writes_no_code_where_the_user_forbids_it", writes_no_code_where_the_user_forbids_it},
    {"shows_the_source_of_unmarshalled_code", shows_the_source_of_unmarshalled_code},
    {"shows_no_frame_of_import", shows_no_frame_of_import},
    {"gives_a_thread_an_interpreter_of_its_own", gives_a_thread_an_interpreter_of_its_own},
    {"stops_an_endless_loop_in_an_interpreter_of_its_own", stops_an_endless_loop_in_an_interpreter_of_its_own,
     kOwnGil},
    {"says_that_workers_hang", says_that_workers_hang},
    {"ends_workers_that_hang", ends_workers_that_hang},
    {"leaks_nothing_in_calls", leaks_nothing_in_calls},
    {"leaks_nothing_in_results", leaks_nothing_in_results},
    {"leaks_nothing_in_errors", leaks_nothing_in_errors},
    {"leaks_nothing_in_benchmarks", leaks_nothing_in_benchmarks},
};

}  // namespace
}  // namespace harness::embed

int main(int argc, char** argv) {
  return harness::run_python_cases(argc, argv, "Embedding", harness::embed::kCases);
}
