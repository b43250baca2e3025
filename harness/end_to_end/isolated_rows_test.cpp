// harness/end_to_end/isolated_rows_test.cpp: a row that depends on what ran before it, or a process of its
// own that shows, outlives the run, or is lost.
#include <signal.h>

#include <set>
#include <thread>

#include "harness/end_to_end/test_program.h"
#include "harness/system/descendants.h"
#include "harness/system/text.h"
#include "harness/testing/skip.h"

namespace harness::isolated_rows_test {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

const std::string kFresh = "gil/ensure_release/spinners:0/state:fresh";
const std::string kAfter = "gil/ensure_release/spinners:0/state:after_a_thread_ended";
const std::string kAlone = "gil/detach_attach/spinners:0";  // a row like any other
const std::string kEndless = "--min-time=3000";

/// The names of those of an entry's members that any row of the group has. Counters of traces are absent
/// where there is nothing to tell.
std::set<std::string> keys_of(const Json& entry) {
  std::set<std::string> keys;
  for (const char* const key :
       {"name", "run_name", "run_type", "family_index", "per_family_instance_index", "repetitions",
        "repetition_index", "threads", "aggregate_name", "aggregate_unit", "iterations", "real_time",
        "cpu_time", "time_unit", "cpu_per_wall", "pair_ns"}) {
    if (entry.contains(key)) keys.insert(key);
  }
  return keys;
}

class IsolatedRows : public ProgramTest {
 protected:
  /// The entries of that name, repetitions and aggregates.
  std::vector<Json> entries(const std::string& run_name) const {
    std::vector<Json> found;
    if (saved().is_null()) return found;
    for (const Json& entry : saved().at("benchmarks").elements()) {
      if (entry.at("run_name") == run_name) found.push_back(entry);
    }
    return found;
  }

  /// The process of an isolated row that the program, or a process of its, has started.
  static pid_t await_isolated() {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < deadline) {
      for (const pid_t process : descendants()) {
        const auto command = read_text_file("/proc/" + std::to_string(process) + "/cmdline").value_or("");
        if (command.find("--isolated") != std::string::npos) return process;
      }
      std::this_thread::sleep_for(5ms);
    }
    return 0;
  }
};

TEST_F(IsolatedRows, AreTheSameWhateverRanBefore) {
  for (const std::string before : {"", "countdown/python_threads/|"}) {
    const auto result =
        run({"--filter=" + before + "ensure_release/spinners:0", "--shuffle-rows=1", "--repetitions=2"});
    ASSERT_EQ(result.exit_code, 0) << result.standard_error;
    ASSERT_EQ(entries(kFresh).size(), 6U);  // two repetitions, four aggregates
    EXPECT_EQ(entries(kFresh)[1].at("ended_threads"), 0);
    EXPECT_EQ(entries(kAfter)[0].at("ended_threads"), 1);
  }
}

TEST_F(IsolatedRows, LookLikeAnyOther) {
  const auto result = run({"--filter=(ensure_release|detach_attach)/spinners:0", "--repetitions=3"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  expect_holds(result.standard_output, {"ensure_release/spinners:0/state:fresh", "a pair"});
  EXPECT_EQ(count_of(result.standard_output, "CPython"), 1U) << "its process prints nothing";
  EXPECT_EQ(result.standard_error.find("isolated"), std::string::npos) << result.standard_error;
  const std::vector<Json> others = entries(kAlone), rows = entries(kFresh);
  ASSERT_EQ(rows.size(), others.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SCOPED_TRACE(rows[i].dump());
    EXPECT_EQ(keys_of(rows[i]), keys_of(others[i]));
    for (const char* const key : {"run_type", "repetitions", "threads", "time_unit"})
      EXPECT_EQ(rows[i].at(key), others[i].at(key)) << key;
    EXPECT_EQ(rows[i].number("repetition_index", -1), others[i].number("repetition_index", -1));
  }
  EXPECT_EQ(rows[0].at("family_index"), 1) << "that of the run, not of its process";
  EXPECT_EQ(files_in(out()), Names{"result.json"});
}

TEST_F(IsolatedRows, ObeyGoogleBenchmarksOwnFlags) {
  const auto result =
      run({"--filter=" + kFresh + "|" + kAlone, "--benchmark_repetitions=2",
           "--benchmark_min_warmup_time=0.001", "--benchmark_enable_random_interleaving=true"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(names_of(saved()).size(), 4U);
  EXPECT_EQ(entries(kFresh).size(), entries(kAlone).size());
  const auto only = run({"--filter=" + kFresh, "--benchmark_report_aggregates_only=true", "--repetitions=2"});
  ASSERT_EQ(only.exit_code, 0) << only.standard_error;
  ASSERT_EQ(entries(kFresh).size(), 4U);
  EXPECT_EQ(entries(kFresh)[0].at("run_type"), "aggregate");
}

TEST_F(IsolatedRows, AreInTheFileThatGoogleBenchmarkWritesItself) {
  const auto result = run({"--filter=" + kFresh, "--benchmark_out=own.json"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const Json own = Json::parse(read_text_file(folder().path() / "own.json").value_or("null"));
  ASSERT_EQ(own.at("benchmarks").size(), 1U);
  for (const char* const key : {"iterations", "pair_ns", "ended_threads"})
    EXPECT_EQ(own.at("benchmarks").at(0).at(key), entries(kFresh)[0].at(key)) << key;
}

TEST_F(IsolatedRows, AreListedAndFoundByTheNameThatTheyHad) {
  const auto listed = run({"--list", "--filter=gil/ensure_release"}).standard_output;
  EXPECT_EQ(listed, kFresh + "\n" + kAfter +
                        "\ngil/ensure_release/spinners:1\ngil/ensure_release/spinners:2\n"
                        "gil/ensure_release/spinners:4\n");
  const auto shuffled = run({"--list", "--filter=gil/ensure_release", "--shuffle-rows=3"}).standard_output;
  EXPECT_NE(shuffled, listed);
  EXPECT_EQ(shuffled.size(), listed.size());
  EXPECT_EQ(run({"--list", "--filter=gil/ensure_release", "--shuffle-rows=3"}).standard_output, shuffled);
}

// What the script leaves behind would keep the process from starting, or have it look in another folder.
TEST_F(IsolatedRows, BeginAsTheRunBegan) {
  std::filesystem::copy(HARNESS_SCRIPTS_FOLDER, folder().path() / "scripts");
  folder().write("scripts/countdown.py",
                 "import os\n"
                 "os.environ.update(PYTHONHOME='/nowhere', LD_LIBRARY_PATH='/nowhere', PYTHON_GIL='1')\n"
                 "os.chdir('/')\n"
                 "os.closerange(3, 300)\n"
                 "def run(begin, end):\n"
                 "    return end - begin\n");
  const auto result =
      run({"--filter=countdown/python/|" + kFresh, "--scripts=scripts", "--format=json", "--out=out"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(failed_of(saved()), Names{});
  EXPECT_EQ(entries(kFresh).size(), 1U);
}

TEST_F(IsolatedRows, FailWhereTheirProcessDoes) {
  Subprocess program(command({"--filter=" + kFresh, kEndless, "--repetitions=2"}));
  const pid_t process = await_isolated();
  ASSERT_NE(process, 0);
  kill(process, SIGSEGV);
  const auto result = program.wait(kPatience);
  EXPECT_EQ(result.exit_code, 1) << result.standard_error;
  EXPECT_EQ(rows_of(saved()), NamedErrors(2, {kFresh, "its process crashed (SIGSEGV)"}));
  expect_holds(result.standard_error, {kFresh + " failed: its process crashed (SIGSEGV)\n"});
  EXPECT_EQ(files_in(out()), Names{"result.json"});
}

TEST_F(IsolatedRows, EndWithTheRunThatIsInterrupted) {
  Subprocess program(command({"--filter=" + kFresh, kEndless}));
  const pid_t process = await_isolated();
  ASSERT_NE(process, 0);
  program.kill(SIGINT);
  const auto result = program.wait(kPatience);
  EXPECT_EQ(result.exit_code, 128 + SIGINT) << result.standard_error;
  expect_process_ends(std::to_string(process));
  EXPECT_EQ(rows_of(saved()), NamedErrors{});
  EXPECT_EQ(saved().at("context").text("interrupted", ""), "by signal 2");
  EXPECT_EQ(files_in(out()), Names{"result.json"});
}

TEST_F(IsolatedRows, EndWithTheRunThatIsKilled) {
  Subprocess program(command({"--filter=" + kFresh, kEndless}));
  const pid_t process = await_isolated();
  ASSERT_NE(process, 0);
  program.kill(SIGKILL);
  program.wait(kPatience);
  expect_process_ends(std::to_string(process));
}

TEST_F(IsolatedRows, WriteTheTimelineWhereTheyAreTheLast) {
  const auto row_of_timeline = [&](const std::string& filter) -> std::string {
    std::filesystem::remove(folder().path() / "gil.json");
    const auto result = run({"--filter=" + filter, "--gil-trace=gil.json"});
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    const Json timeline = Json::parse(read_text_file(folder().path() / "gil.json").value_or("null"));
    return timeline.is_null() ? result.standard_error
                              : timeline.at("otherData").at("metadata").text("row", "none");
  };
  const std::string isolated = "gil/ensure_release/spinners:4";  // the one with the fewest pairs
  const std::string row = row_of_timeline(isolated);
  if (row.find("no GIL") != std::string::npos)
    return skip_for_want_of(kAGil, "the default interpreter has no GIL");
  EXPECT_EQ(row, isolated);
  EXPECT_EQ(row_of_timeline("gil/overlap/held|" + isolated), "gil/overlap/held/threads:2")
      << "it comes later";
}

TEST_F(IsolatedRows, AreRowsOfAComparisonsProcesses) {
  const std::string libpython = HARNESS_LIBPYTHON;
  const auto result = run({"--python=a=" + libpython, "--python=b=" + libpython, "--rounds=2",
                           "--filter=countdown/python/|" + kFresh});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const Json comparison = Json::parse(read_text_file(out() / "comparison.json").value_or("null"));
  ASSERT_EQ(comparison.at("rows").size(), 2U);
  EXPECT_EQ(comparison.at("rows").at(1).at("name"), kFresh);
  EXPECT_EQ(comparison.at("rows").at(1).at("compared_by"), "pair_ns");
}

}  // namespace
}  // namespace harness::isolated_rows_test
