// harness/end_to_end/guest_test.cpp: in a static CPython's own executable the program does all that it does
// as the host, and nothing shows that it came in by LD_PRELOAD.
#include <signal.h>

#include <thread>

#include "harness/end_to_end/test_program.h"
#include "harness/interpreter/fake_python.h"
#include "harness/interpreter/guest.h"
#include "harness/interpreter/probe.h"
#include "harness/interpreter/search_paths.h"
#include "harness/system/text.h"
#include "harness/testing/skip.h"

namespace harness {
namespace {

using namespace std::chrono_literals;

/// The first interpreter of this machine that has its code in its executable; unusable where there is none.
/// Asks one executable after the other: to ask all takes longer than most of these tests.
Interpreter find_static_interpreter() {
  const SearchPaths paths = SearchPaths::from_environment("");
  for (const auto& candidates : {path_candidates(paths), version_folder_candidates(paths.pyenv_versions, ""),
                                 version_folder_candidates(paths.uv_pythons, "cpython-")}) {
    for (const Candidate& candidate : candidates) {
      const Interpreter interpreter = probe_executable(candidate.file);
      if (!interpreter.usable()) continue;
      const Interpreter guest = as_guest(interpreter);
      if (guest.usable() && guest.libpython.empty()) return guest;
    }
  }
  Interpreter none;
  none.unusable = "no CPython that has its code in its executable is installed";
  return none;
}

class GuestTest : public ProgramTest {
 protected:
  void SetUp() override {
    static_ = find_static_interpreter();
    if (!static_.usable()) GTEST_SKIP() << static_.unusable;
  }

  std::string python() const { return "--python=guest:" + static_.executable.string(); }

  /// What a script that raises `expression` as text shows.
  std::string shown(const std::string& expression, const std::string& python,
                    const Environment& environment = {}) const {
    folder().write("scripts/countdown.py",
                   "import os, signal, sys\n"
                   "def run(begin, end):\n"
                   "    raise RuntimeError(" +
                       expression + ")\n");
    run({python, "--filter=countdown/python/", "--scripts=scripts"}, environment);
    const auto rows = rows_of(saved());
    return rows.empty() ? "(nothing)" : rows.front().second;
  }

  Interpreter static_;
};

TEST_F(GuestTest, HasIsolatedRowsInAGuestOfTheirOwn) {
  const auto result = run({python(), "--filter=countdown/python/|gil/ensure_release/spinners:0/state:fresh"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(saved().at("benchmarks").at(1).at("ended_threads"), 0);
}

TEST_F(GuestTest, RunsTheSameRowsAndSaysWhereItIs) {
  const std::string list = run({"--list", "--threads=1,2"}).standard_output;
  std::vector<std::string> listed;
  for (const std::string_view line : lines_of(list)) listed.emplace_back(line);
  const auto result = run({python(), "--threads=1,2"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  expect_no_crash(result);
  EXPECT_EQ(names_of(saved()), listed);
  EXPECT_EQ(failed_of(saved()), std::vector<std::string>{});
  const std::string code = code_file(static_);
  const Json context = saved().at("context");
  EXPECT_EQ(context.at("embedding"), "guest");
  EXPECT_EQ(context.at("libpython"), code);
  EXPECT_EQ(context.at("libpython_sha256").text().size(), 64U);
  EXPECT_EQ(context.at("python_executable"), static_.executable.string());
  EXPECT_TRUE(context.at("python_version").text().starts_with(static_.version));
  EXPECT_EQ(context.at("command_line").text().rfind(HARNESS_PROGRAM, 0), 0U);
  expect_holds(result.standard_output, {"guest in " + code});
}

// A Debian whose libpython3.X is not installed, or what ./configure makes unless it is told otherwise.
TEST_F(GuestTest, IsWhatAnExecutableWithoutALibpythonTakes) {
  write_fake_python(folder(), "python",
                    fake_answer(static_.version, {{"executable", static_.executable},
                                                  {"prefix", "/nonexistent"},
                                                  {"base_prefix", "/nonexistent"},
                                                  {"free_threaded", static_.free_threaded ? "1" : "0"}}));
  const auto result = run({"--python=./python", "--filter=countdown/(python|native)/"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(saved().at("context").at("embedding"), "guest");
}

TEST_F(GuestTest, TracesTheGilExactly) {
  if (static_.free_threaded) GTEST_SKIP() << "a free-threaded build";
  const auto result = run({python(), "--filter=^gil/detach_attach/spinners:0"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  const Json row = saved().at("benchmarks").at(0);
  EXPECT_EQ(gil_label_of(row), "") << "a self-check that failed would be here";
  EXPECT_EQ(row.at("gil_acquires"), 100'001) << "the pairs, and the one around them";
  EXPECT_EQ(row.at("gil_releases"), 100'001);
  EXPECT_EQ(row.at("gil_dropped_events"), 0);
}

TEST_F(GuestTest, WritesATimeline) {
  if (static_.free_threaded) GTEST_SKIP() << "a free-threaded build";
  const auto result = run({python(), "--filter=countdown/python_threads/", "--gil-trace=gil.json"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  const auto report = run_subprocess(
      {.argv = {HARNESS_PROGRAM, "gil-report", "gil.json"}, .working_directory = folder().path()}, kPatience);
  EXPECT_EQ(report.exit_code, 0) << report.standard_error;
  expect_holds(report.standard_output, {"countdown/python_threads/threads:2"});
}

TEST_F(GuestTest, FailsAsTheHostDoes) {
  EXPECT_EQ(shown("'only here'", python()), "RuntimeError: only here");
  EXPECT_EQ(run({python(), "--filter=countdown/python/", "--scripts=scripts"}).exit_code, 1);
  std::filesystem::remove_all(out());
  expect_refused(run({python(), "--scripts=nowhere"}), {"--scripts=nowhere", "no such folder"});
  expect_refused(run({python(), "--filter=nothing"}), {"--filter=nothing"});
  expect_refused(run({python(), "--image=nowhere.png"}), {"nowhere.png"});
}

// What python3 itself would have made of its command line, its signals and its streams is not there.
TEST_F(GuestTest, ShowsAScriptTheSameProcessAsTheHost) {
  const std::string host = "--python=" + static_.executable.string();
  const std::string expression =
      "repr((sys.argv, getattr(sys, 'orig_argv', None), sys.flags, sys.path, sys.executable, sys.prefix,"
      " signal.getsignal(signal.SIGINT), sys.stdout is sys.stderr, sys.stdin.encoding, sys.stderr.errors,"
      " sorted(os.environ)))";
  const std::string by_host = shown(expression, host);
  if (saved().at("context").at("embedding") == "guest") GTEST_SKIP() << "it has no libpython to compare with";
  EXPECT_EQ(shown(expression, python()), by_host);
  const Environment environment{{"PYTHONPATH", "/some/folder"}, {"PYTHONUTF8", "1"}, {"PYTHONINSPECT", "1"}};
  EXPECT_EQ(shown(expression, python(), environment), shown(expression, host, environment));
}

// Its processes must find the environment that they are to have, or they would start themselves again.
TEST_F(GuestTest, IsAColumnOfAComparison) {
  const std::string spec = "guest:" + static_.executable.string();
  const auto result = run({"--python=a=" + spec, "--python=b=" + spec + ",LD_PRELOAD=libm.so.6,PYTHONUTF8=1",
                           "--filter=countdown/python/", "--rounds=2"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  expect_no_crash(result);
  expect_holds(result.standard_output, {code_file(static_), "countdown", "b against a: 1 "});
}

TEST_F(GuestTest, LeavesTheUsersPreloadToChildren) {
  const std::string expression = "repr(os.environ.get('LD_PRELOAD'))";
  EXPECT_EQ(shown(expression, python()), "RuntimeError: None");
  EXPECT_EQ(shown(expression, python(), {{"LD_PRELOAD", "libm.so.6"}}), "RuntimeError: 'libm.so.6'");
}

TEST_F(GuestTest, EndsAtCtrlCInTheSameProcess) {
  folder().write("scripts/countdown.py",
                 "import os\n"
                 "def run(begin, end):\n"
                 "    with open('started.new', 'w') as file:\n"
                 "        file.write(str(os.getpid()))\n"
                 "    os.rename('started.new', 'started')\n"
                 "    while True:\n"
                 "        pass\n");
  Subprocess program(command({python(), "--filter=countdown/python/", "--scripts=scripts"}));
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  const auto started = folder().path() / "started";
  while (!std::filesystem::exists(started) && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(read_text_file(started), std::to_string(program.pid()));
  program.kill(SIGINT);
  const auto result = program.wait(5s);
  EXPECT_EQ(result.exit_code, 130) << result.standard_error;
  expect_no_crash(result);
  EXPECT_EQ(saved().at("context").text("interrupted", ""), "by signal 2");
}

TEST_F(GuestTest, MayBeInAVirtualEnvironment) {
  const auto environment = folder().path() / "venv";
  const auto made =
      run_subprocess({.argv = {static_.executable, "-m", "venv", "--without-pip", environment}}, kPatience);
  if (!made.succeeded()) {
    return skip_for_want_of(kVenv, "this interpreter makes none: " + made.standard_error);
  }
  EXPECT_EQ(shown("sys.prefix", "--python=guest:" + (environment / "bin/python").string()),
            "RuntimeError: " + environment.string());
}

// LD_PRELOAD cannot name a file in a folder with a space.
TEST_F(GuestTest, IsInstalledBelowAnyPrefix) {
  const auto prefix = folder().path() / "any prefix";
  const auto installed = run_subprocess(
      {.argv = {CMAKE_PROGRAM, "--install", HARNESS_BUILD_FOLDER, "--prefix", prefix.string()}}, kPatience);
  ASSERT_EQ(installed.exit_code, 0) << installed.standard_error;
  Command elsewhere = command({python(), "--filter=countdown/(python|native)/"});
  elsewhere.argv.front() = prefix / "bin/harness";
  const auto result = run_subprocess(elsewhere, kPatience);
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(failed_of(saved()), std::vector<std::string>{});
  EXPECT_EQ(saved().at("context").at("embedding"), "guest");
}

}  // namespace
}  // namespace harness
