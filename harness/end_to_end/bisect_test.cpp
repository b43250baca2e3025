// harness/end_to_end/bisect_test.cpp: a status that git bisect takes for what it does not mean.
#include <signal.h>

#include <algorithm>
#include <functional>
#include <thread>

#include "harness/end_to_end/test_program.h"
#include "harness/system/text.h"
#include "harness/testing/skip.h"

namespace harness::bisect_test {
namespace {

using namespace std::chrono_literals;

const std::string kDefault = HARNESS_LIBPYTHON;

// FACTOR times as many steps as they say. The factors that the tests plant are so far from the limit that no
// machine's load is as much.
constexpr const char* kBenchmark =
    "import os\n"
    "ITEMS = 20000\n"
    "FACTOR = int(os.environ.get('FACTOR', '1'))\n"
    "def run(begin, end):\n"
    "    n = end + (FACTOR - 1) * (end - begin)\n"
    "    while n > begin:\n"
    "        n -= 1\n"
    "    return end - n\n";
constexpr const char* kBad = "--bad-if=slower:200%";

// A process is the median of some repetitions: of a single one, whatever runs beside it may make ten.
const ProgramTest::Arguments kSteady{"--workload=bench.py", "--repetitions=5", "--min-time=0.003"};

class BisectRun : public ProgramTest {
 protected:
  void SetUp() override { folder().write("bench.py", kBenchmark); }

  /// A step with the baseline `good` and the interpreter that `built` names, or with the flags `pythons`.
  Command step(const Arguments& pythons, const Arguments& build = {}, const Arguments& more = {}) const {
    Arguments arguments{"bisect-run"};
    arguments.insert(arguments.end(), kSteady.begin(), kSteady.end());
    arguments.insert(arguments.end(), {"--filter=^bench/python/", "--threads=1", "--rounds=4", kBad});
    arguments.insert(arguments.end(), pythons.begin(), pythons.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto is_budget = [](const std::string& word) { return word.starts_with("--budget="); };
    if (std::ranges::none_of(more, is_budget)) arguments.push_back("--budget=30");
    Command step = command(arguments);
    if (!build.empty()) step.argv.push_back("--");
    step.argv.insert(step.argv.end(), build.begin(), build.end());
    return step;
  }
  ProcessResult run_step(const Arguments& pythons, const Arguments& build = {},
                         const Arguments& more = {}) const {
    return run_subprocess(step(pythons, build, more), kPatience);
  }
  static Arguments good_and(const std::string& built) {
    return {"--python=good=" + kDefault, "--python=new=" + built};
  }

  /// A comparison of the default interpreter with itself, in the folder `stored`.
  void store(const Arguments& more) const {
    Arguments arguments = kSteady;
    arguments.insert(arguments.end(),
                     {"--python=a=" + kDefault, "--python=b=" + kDefault, "--rounds=8", "--out=stored"});
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto result = run(arguments);
    ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  }

  /// The only folder that steps have left.
  std::filesystem::path step_folder() const {
    const auto folders = files_in(out());
    EXPECT_EQ(folders.size(), 1U);
    return folders.empty() ? out() : out() / folders.front();
  }

  /// Fails the test where that never comes.
  static void wait_until(const std::function<bool()>& come) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!come() && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(10ms);
    EXPECT_TRUE(come());
  }

  /// A step that git bisect skips, with a sentence that holds `parts`.
  static void expect_skipped(const ProcessResult& result, const std::vector<std::string>& parts) {
    EXPECT_EQ(result.exit_code, 125) << result.standard_error;
    EXPECT_TRUE(result.standard_output.starts_with("skipped: ")) << result.standard_output;
    expect_holds(result.standard_output, parts);
    expect_no_crash(result);
  }

  /// A step that ends the bisection before anything is built, compared or written.
  void expect_ended(const ProcessResult& result, const std::vector<std::string>& parts) const {
    EXPECT_EQ(result.exit_code, 128) << result.standard_error;
    EXPECT_EQ(result.standard_output, "");
    EXPECT_TRUE(result.standard_error.starts_with("harness: ")) << result.standard_error;
    expect_holds(result.standard_error, parts);
    EXPECT_FALSE(std::filesystem::exists(out()));
    EXPECT_FALSE(std::filesystem::exists(folder().path() / "built"));
  }
};

TEST_F(BisectRun, CallsACommitBadThatIsSlower) {
  const auto result = run_step(good_and(kDefault + ",FACTOR=10"));
  EXPECT_EQ(result.exit_code, 1) << result.standard_error;
  EXPECT_TRUE(result.standard_output.starts_with(
      "bad: bench/python/threads:1 is slower by more than 200 %: it takes "))
      << result.standard_output;
  expect_holds(result.standard_output,
               {" of good's time (", " rounds, ", ", 99 % sure)\nresults: " + step_folder().string() + "\n"});
  const auto files = files_in(step_folder());
  for (const char* const file :
       {"comparison.json", "comparison.md", "good.json", "journal.jsonl", "new.json"}) {
    EXPECT_NE(std::ranges::find(files, file), files.end()) << file;
  }
}

TEST_F(BisectRun, CallsACommitGoodThatIsNot) {
  const auto result = run_step(good_and(kDefault + ",FACTOR=1"));
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_TRUE(result.standard_output.starts_with(
      "good: no row is slower by more than 200 %; bench/python/threads:1 comes nearest: it takes "))
      << result.standard_output;
}

TEST_F(BisectRun, ComparesWhatTheBuildMakes) {
  folder().write("good/work.py", std::string(kBenchmark) + "# the good one\n");
  folder().write("work.py", std::string(kBenchmark) + "FACTOR = 10\n");
  const Arguments pythons{"--python=good=" + kDefault + ",PYTHONPATH=good",
                          "--python=new=" + kDefault + ",PYTHONPATH=built"};
  folder().write("benchmarks/bench.py", "from work import run\nITEMS = 20000\n");
  Command started = step(pythons, {"sh", "-c", "mkdir built && cp work.py built && echo built it"});
  std::ranges::replace(started.argv, "--workload=bench.py", "--workload=benchmarks/bench.py");
  const auto result = run_subprocess(started, kPatience);
  EXPECT_EQ(result.exit_code, 1) << result.standard_error;
  expect_holds(result.standard_error, {"built it\n"});
  EXPECT_EQ(result.standard_output.find("built it"), std::string::npos);
}

TEST_F(BisectRun, SkipsACommitWhoseBuildFails) {
  expect_skipped(
      run_step(good_and(kDefault + ",FACTOR=1"), {"sh", "-c", "echo to output; echo to error >&2; exit 1"}),
      {"the build ended with status 1: sh\n"});
  const auto result = run_step(good_and(kDefault + ",FACTOR=1"), {"sh", "-c", "echo seen; kill -KILL $$"});
  expect_skipped(result, {"the build was ended by signal 9"});
  EXPECT_EQ(result.standard_error, "seen\n");
  expect_skipped(run_step(good_and(kDefault + ",FACTOR=1"), {"./build.sh"}),
                 {"could not be started: No such file"});
  EXPECT_FALSE(std::filesystem::exists(out()));
}

TEST_F(BisectRun, SkipsACommitWhoseInterpreterCannotBeRun) {
  expect_skipped(run_step(good_and("./built/python3"), {"true"}), {"--python=./built/python3: "});
  const auto built = folder().write("python3", "#!/bin/sh\nexit 1\n");
  std::filesystem::permissions(built, std::filesystem::perms::owner_all);
  expect_skipped(run_step(good_and("./python3")), {"./python3"});
  EXPECT_FALSE(std::filesystem::exists(out()));
  // What only its processes find out.
  expect_skipped(run_step(good_and(kDefault + ",PYTHON_GIL=0")), {"PYTHON_GIL=0"});
}

TEST_F(BisectRun, SkipsACommitThatFails) {
  folder().write("bench.py", std::string(kBenchmark) +
                                 "if FACTOR == 2:\n"
                                 "    calls = []\n"
                                 "    def run(begin, end):\n"
                                 "        calls.append(1)\n"
                                 "        return len(calls)\n"
                                 "if FACTOR == 3:\n"
                                 "    os.kill(os.getpid(), 11)\n"
                                 "if FACTOR == 4:\n"
                                 "    raise ValueError('nothing today')\n");
  expect_skipped(run_step(good_and(kDefault + ",FACTOR=2")),
                 {"new, bench/python/threads:1: ", "which says nothing of its speed"});
  std::filesystem::remove_all(out());
  expect_skipped(run_step(good_and(kDefault + ",FACTOR=3")), {"crashed (SIGSEGV)"});
  // Whoever crashed twice is not run again, and the baseline alone tells nothing.
  EXPECT_EQ(count_of(read_text_file(step_folder() / "journal.jsonl").value(), "\"wall_s\""), 4U);
  expect_skipped(run_step(good_and(kDefault + ",FACTOR=4")), {"nothing today"});
}

TEST_F(BisectRun, SkipsACommitThatCannotBeTold) {
  const auto result =
      run_step(good_and(kDefault + ",FACTOR=1"), {}, {"--budget=0.001", "--confidence=99.9999%"});
  expect_skipped(result, {"it cannot be told whether bench/python/threads:1 is slower by more than 200 %: ",
                          "(2 rounds, "});
}

TEST_F(BisectRun, EndsTheBisectionWhereTheCommandLineIsWrong) {
  const std::string built = kDefault + ",FACTOR=1";
  const Arguments build{"mkdir", "built"};
  Command no_limit = step(good_and(built), build);
  std::erase(no_limit.argv, kBad);
  expect_ended(run_subprocess(no_limit, kPatience), {"--bad-if=slower:3%"});
  expect_ended(run_step(good_and(built), build, {"--nosuch"}), {"--nosuch"});
  expect_ended(run_step(good_and(built), build, {"--seed=-1"}), {"--seed=-1"});
  expect_ended(run_step(good_and(built), build, {"--fail-if=slower:3%"}), {"--fail-if"});
  expect_ended(run_step({"--python=" + kDefault}, build), {"--python: ", "takes two"});
  expect_ended(run_step({"--python=/nowhere/python3", "--python=new=" + built}, build), {"/nowhere/python3"});
  expect_ended(run_step(good_and(built), {"no_such_command_anywhere"}), {"no_such_command_anywhere", "PATH"});
  expect_ended(run_step({"--baseline=nosuch.json"}, build), {"nosuch.json"});
  Command no_row = step(good_and(built), build);
  std::erase(no_row.argv, "--workload=bench.py");
  expect_ended(run_subprocess(no_row, kPatience), {"--filter=^bench/python/"});
}

TEST_F(BisectRun, EndsTheBisectionWhereTheBaselineRefuses) {
  Command step = this->step({"--python=good=" + kDefault + ",PYTHON_GIL=0", "--python=new=" + kDefault});
  std::erase(step.argv, "--workload=bench.py");
  std::ranges::replace(step.argv, "--filter=^bench/python/", "--filter=^countdown/python/");
  const auto result = run_subprocess(step, kPatience);
  EXPECT_EQ(result.exit_code, 128) << result.standard_error;
  expect_holds(result.standard_error, {"--python=good=", "PYTHON_GIL=0"});
}

TEST_F(BisectRun, EndsTheBisectionWhereItsResultsCannotBeWritten) {
  folder().write("out", "a file");
  EXPECT_EQ(run_step(good_and(kDefault + ",FACTOR=1")).exit_code, 128);
}

TEST_F(BisectRun, EndsTheBisectionAtASignal) {
  const auto interrupted = [&](int signal, const Command& command, const std::string& sign) {
    Subprocess program(command);
    wait_until([&] { return std::filesystem::exists(folder().path() / sign); });
    program.kill(signal);
    return program.wait(kPatience);
  };
  const auto building = interrupted(
      SIGINT, step(good_and(kDefault + ",FACTOR=1"), {"sh", "-c", "echo $$ > building; exec sleep 3600"}),
      "building");
  EXPECT_EQ(building.exit_code, 128 + SIGINT);
  const auto process = number_in<pid_t>(read_text_file(folder().path() / "building").value_or(""));
  ASSERT_TRUE(process);
  wait_until([&] { return ::kill(*process, 0) != 0; });
  folder().write("bench.py", std::string(kBenchmark) + "open('comparing', 'w').close()\n");
  const auto comparing = interrupted(SIGTERM, step(good_and(kDefault + ",FACTOR=1")), "comparing");
  EXPECT_EQ(comparing.exit_code, 128 + SIGTERM);
  EXPECT_EQ(comparing.standard_output, "");
  expect_holds(comparing.standard_error, {"the bisection ends"});
}

TEST_F(BisectRun, TakesAStoredBaseline) {
  // With rows that no step asks for, which are not missed.
  store({"--filter=^(bench|countdown)/python", "--threads=1,2"});
  for (const char* const baseline : {"--baseline=stored", "--baseline=stored/b.json"}) {
    const auto bad = run_step({baseline, "--python=new=" + kDefault + ",FACTOR=10"});
    EXPECT_EQ(bad.exit_code, 1) << bad.standard_error;
    expect_holds(bad.standard_output, {" of baseline's time ("});
    expect_holds(bad.standard_error, {"warning: another FACTOR: baseline has none, new has 10"});
    const std::filesystem::path results =
        lines_of(bad.standard_output).back().substr(std::string("results: ").size());
    expect_holds(read_text_file(results / "comparison.md").value_or(""),
                 {"- interpreter baseline: `CPython 3.", "- interpreter new: `CPython 3.", ", FACTOR=10`"});
    EXPECT_EQ(run_step({baseline, "--python=new=" + kDefault}).exit_code, 0);
  }
  std::filesystem::remove_all(out());
  Command other_rows = step({"--baseline=stored", "--python=" + kDefault}, {"mkdir", "built"});
  std::ranges::replace(other_rows.argv, "--filter=^bench/python/", "--filter=^sum_of_squares/python/");
  expect_ended(run_subprocess(other_rows, kPatience),
               {"--baseline=stored: it has none of the rows that are asked for"});
}

TEST_F(BisectRun, IsSkippedWhereARowOfTheStoredBaselineIsGone) {
  folder().write("bench.py", "def bench_one():\n    return 1\ndef bench_two():\n    return 2\n");
  store({"--filter=^bench.*/python/", "--threads=1"});
  folder().write("bench.py", "def bench_one():\n    return 1\n");
  Command step = this->step({"--baseline=stored", "--python=new=" + kDefault});
  std::ranges::replace(step.argv, "--filter=^bench/python/", "--filter=^bench.*/python/");
  expect_skipped(run_subprocess(step, kPatience), {"bench.two/python/threads:1: it has no such row"});
}

// Eight commits, of which the sixth takes ten times as many steps; the build of another fails.
TEST_F(BisectRun, FindsTheCommitForGit) {
  if (run_by_shell("git --version", {}).exit_code != 0) return skip_for_want_of(kGit, "there is no git");
  const std::string good = "--python=good=" + kDefault + ",PYTHONPATH=" + folder().path().string() + "/good";
  folder().write("good/work.py", std::string(kBenchmark) + "# the good one\n");
  folder().write("repository/benchmarks/bench.py", "from work import run\nITEMS = 20000\n");
  folder().write("planted.py", std::string(kBenchmark) + "FACTOR = 10\n");
  folder().write("work.py", kBenchmark);
  const std::string history =
      "cd repository && export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a "
      "GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org\n"
      "git init -q .\n"
      "for i in 0 1 2 3 4 5 6 7 8; do\n"
      "  if [ $i -lt 6 ]; then cp ../work.py .; else cp ../planted.py work.py; fi\n"
      "  if [ $i = 4 ]; then echo exit 1 > build.sh; else echo mkdir -p built '&&' cp work.py built > "
      "build.sh; fi\n"
      "  echo $i > number; git add -A; git commit -qm \"commit $i\"; git tag c$i\n"
      "done\n"
      "git bisect start c8 c0 -- > /dev/null\n"
      "git bisect run \"$@\" -- sh build.sh > ../said 2> ../errors\n"
      "git rev-parse c6; git rev-parse refs/bisect/bad";
  Command bisection = step({good, "--python=new=" + kDefault + ",PYTHONPATH=built"});
  std::ranges::replace(bisection.argv, "--workload=bench.py", "--workload=benchmarks/bench.py");
  bisection.argv.insert(bisection.argv.begin(), {"/bin/sh", "-c", history, "sh"});
  const auto result = run_subprocess(bisection, 5 * kPatience);
  const auto lines = lines_of(result.standard_output);
  const std::string said = read_text_file(folder().path() / "said").value_or("");
  ASSERT_EQ(lines.size(), 2U) << result.standard_output << result.standard_error;
  EXPECT_EQ(lines[0], lines[1]) << said;
  expect_holds(said, {std::string(lines[0]) + " is the first bad commit", " is good: no row is ",
                      " is bad: bench/python/threads:1 ", " is skipped: the build ended with status 1: sh"});
}

}  // namespace
}  // namespace harness::bisect_test
