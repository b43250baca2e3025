// harness/end_to_end/gil_test.cpp: the GIL trace as a user meets it: counters in rows, a timeline, its
// report.
#include <sched.h>

#include <algorithm>
#include <set>

#include "harness/end_to_end/test_program.h"
#include "harness/gil_trace/timeline_file.h"
#include "harness/system/text.h"

namespace harness {
namespace {

using Names = std::vector<std::string>;

class Gil : public ProgramTest {
 protected:
  /// The rows of a run that succeeds, whichever there are.
  std::vector<Json> rows(Arguments arguments) const {
    arguments.emplace_back("--format=json");
    const auto result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    expect_no_crash(result);
    EXPECT_EQ(failed_of(saved()), Names{});
    return saved().at("benchmarks").elements();
  }

  /// Writes a timeline of the rows that `arguments` ask for, and returns the file.
  std::filesystem::path timeline(Arguments arguments, const std::string& name = "gil.json") const {
    arguments.push_back("--gil-trace=" + name);
    const auto result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    return folder().path() / name;
  }

  /// `harness gil-report FILE`, which takes no other flags.
  ProcessResult report_on(const std::filesystem::path& file) const {
    return run_subprocess(
        {.argv = {command({}).argv.front(), "gil-report", file}, .working_directory = folder().path()},
        kPatience);
  }
};

/// The names of the counters of a row that the trace has made.
std::set<std::string> gil_counters_of(const Json& row) {
  std::set<std::string> names;
  for (const auto& [name, value] : row.items()) {
    if (name.starts_with("gil_")) names.insert(name);
  }
  return names;
}

// Four threads that wait for one another, within a row of one thread.
TEST_F(Gil, SharesAreOfTheThreadsOfAScriptToo) {
  std::filesystem::copy(HARNESS_SCRIPTS_FOLDER, folder().path() / "scripts");
  folder().write(
      "scripts/countdown.py",
      "import threading\n"
      "def part(steps):\n"
      "    while steps:\n"
      "        steps -= 1\n"
      "def run(begin, end):\n"
      "    threads = [threading.Thread(target=part, args=((end - begin) // 4,)) for i in range(4)]\n"
      "    for thread in threads:\n"
      "        thread.start()\n"
      "    for thread in threads:\n"
      "        thread.join()\n"
      "    return end - begin\n");
  const auto row =
      rows({"--filter=countdown/python/", "--scripts=scripts", "--countdown-steps=4000000"}).at(0);
  EXPECT_GT(row.at("gil_wait_ns").number(), 0);
  EXPECT_GT(row.at("gil_wait_share").number(), 0);
  EXPECT_LE(row.at("gil_wait_share").number(), 1);
}

TEST_F(Gil, CountersAreInEveryRow) {
  for (const Json& row : rows({"--threads=1,2", "--countdown-steps=200000", "--switch-interval=0.0005"})) {
    SCOPED_TRACE(row.dump());
    if (row.contains("error_message")) continue;  // one that does not apply here
    for (const char* const name :
         {"gil_acquires", "gil_releases", "gil_switches", "gil_switches_same_core", "gil_switches_other_core",
          "gil_forced_switches", "gil_timeouts", "gil_wait_ns", "gil_held_ns", "gil_held_share",
          "gil_fairness", "gil_longest_hold_ns", "gil_dropped_events"}) {
      EXPECT_TRUE(row.contains(name)) << name;
    }
    EXPECT_EQ(row.at("gil_acquires"), row.at("gil_releases"));
    EXPECT_EQ(row.at("gil_dropped_events"), 0);
    EXPECT_NEAR(row.at("gil_switches_same_core").number() + row.at("gil_switches_other_core").number(),
                row.at("gil_switches").number(), 1e-9);
    const bool has_gil_each = row.at("name").text().find("/subinterpreters/threads:2") != std::string::npos;
    EXPECT_LE(row.at("gil_held_share").number(), has_gil_each ? 2 : 1);
    EXPECT_EQ(gil_label_of(row), "") << "a failed self-check";
    // Where nobody waited, there is no longest wait, and no hand-off.
    const bool waited = row.at("gil_wait_ns").number() > 0;
    for (const char* const name :
         {"gil_wait_max_ns", "gil_wait_p99_ns", "gil_handoff_p50_ns", "gil_handoff_p99_ns"}) {
      EXPECT_EQ(row.contains(name), waited) << name;
    }
  }
}

TEST_F(Gil, IsTakenOnceForASliceAndTwiceAroundNativeCode) {
  for (const Json& row : rows({"--filter=sum_of_squares/(python|native|openmp)/", "--threads=2"})) {
    const std::string name = row.at("name").text();
    EXPECT_EQ(row.at("gil_acquires"), name.find("/python/") != std::string::npos ? 1 : 2) << name;
    EXPECT_EQ(row.at("gil_switches"), 0) << name;
  }
}

TEST_F(Gil, LeavesNoCountersWhereItIsNotTraced) {
  const auto result = run({"--no-gil-trace"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  for (const Json& row : saved().at("benchmarks").elements()) {
    EXPECT_EQ(gil_counters_of(row), std::set<std::string>{}) << row.dump();
    EXPECT_EQ(gil_label_of(row), "");
  }
  for (const char* const column : {"gil_switches", "gil_held_%", "gil_wait_%", "gil_fairness"}) {
    EXPECT_EQ(count_of(result.standard_output, column), 0U) << column;
  }
}

/// The calling thread, and the programs that it starts, on one CPU for as long as this lives.
class OnOneCpu {
 public:
  OnOneCpu() {
    CPU_ZERO(&had_);
    sched_getaffinity(0, sizeof had_, &had_);
    int cpu = 0;
    while (!CPU_ISSET(static_cast<std::size_t>(cpu), &had_)) ++cpu;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(cpu), &one);
    sched_setaffinity(0, sizeof one, &one);
  }
  ~OnOneCpu() { sched_setaffinity(0, sizeof had_, &had_); }
  OnOneCpu(const OnOneCpu&) = delete;
  OnOneCpu& operator=(const OnOneCpu&) = delete;

 private:
  cpu_set_t had_;
};

// By the events, and without a trace by looking where the threads are. More threads than cores have no
// remark.
TEST_F(Gil, IsOfThreadsThatShareTheOnlyCoreAllTheTime) {
  const OnOneCpu bound;
  const Arguments arguments{"--filter=countdown/python_threads/threads:2", "--countdown-steps=2000000",
                            "--switch-interval=0.0005"};
  const Json traced = rows(arguments).at(0);
  EXPECT_EQ(traced.at("shared_core_share"), 1);
  EXPECT_EQ(traced.at("gil_switches_other_core"), 0);
  EXPECT_FALSE(traced.contains("shared_core_looks"));
  EXPECT_EQ(traced.text("label", "").find("threads shared a core"), std::string::npos);
  Arguments untraced = arguments;
  untraced.emplace_back("--no-gil-trace");
  const Json looked_at = rows(untraced).at(0);
  if (!looked_at.contains("shared_core_looks")) GTEST_SKIP() << "no rseq (glibc before 2.35)";
  EXPECT_EQ(looked_at.at("shared_core_share"), 1);
  EXPECT_GE(looked_at.at("shared_core_looks").number(), 1);
}

// Each of the group's rows but the convoy of four spinners, which takes as long as all the others together;
// with the one switch interval that makes them short.
TEST_F(Gil, HasExperimentsOfItsOwn) {
  const std::map<std::string, std::string> measured{{"detach_attach", "pair_ns"},
                                                    {"ensure_release", "pair_ns"},
                                                    {"handoff", "handoff_p99_ns"},
                                                    {"convoy", "latency_p99_ns"},
                                                    {"overlap", "python_share_of_alone"}};
  std::set<std::string> seen;
  for (const Json& row : rows({"--filter=^gil/([^c]|convoy/spinners:[12])", "--switch-interval=0.0001"})) {
    const std::string name = row.at("name").text();
    const std::string strategy = name.substr(4, name.find('/', 4) - 4);
    seen.insert(strategy);
    EXPECT_TRUE(row.contains(measured.at(strategy))) << name;
    EXPECT_EQ(gil_label_of(row), "") << name;
    EXPECT_FALSE(row.contains("speedup")) << name;
  }
  EXPECT_EQ(seen.size(), measured.size());
}

TEST_F(Gil, ExperimentsTakeTheIntervalsThatTheyAreNamedAfter) {
  const auto names = [&](const Arguments& arguments) { return run(arguments).standard_output; };
  EXPECT_EQ(names({"--list", "--filter=convoy/spinners:2"}),
            "gil/convoy/spinners:2/interval_us:5000\n"
            "gil/convoy/spinners:2/interval_us:500\n"
            "gil/convoy/spinners:2/interval_us:50\n");
  EXPECT_EQ(names({"--list", "--filter=convoy/spinners:2", "--switch-interval=0.002"}),
            "gil/convoy/spinners:2/interval_us:2000\n");
  EXPECT_EQ(names({"--list", "--filter=handoff", "--threads=1,2,3"}),
            "gil/handoff/threads:2\ngil/handoff/threads:3\n");
}

// The Trace Event Format, as a viewer reads it: "M" names a lane, "X" is a span, "i" an instant.
TEST_F(Gil, TimelineIsWhatATraceViewerReads) {
  // The first of the two threads spins until the second has got the GIL, which has to wait for it.
  folder().write("scripts/countdown.py",
                 "calls = []\n"
                 "def run(begin, end):\n"
                 "    if begin < end:\n"
                 "        calls.append(begin)\n"
                 "        while len(calls) % 2 == 1:\n"
                 "            pass\n"
                 "    return end - begin\n");
  const auto file = timeline({"--filter=countdown/python_threads/", "--scripts=scripts"});
  const Json json = Json::parse(read_text_file(file).value_or(""));
  std::map<std::pair<double, double>, std::string> lanes;
  std::map<double, std::string> processes;
  std::map<std::string, int> spans;  // by process and name
  for (const Json& event : json.at("traceEvents").elements()) {
    const double process = event.at("pid").number();
    const double lane = event.at("tid").number();
    const std::string phase = event.at("ph").text();
    if (phase == "M") {
      (event.at("name") == "process_name" ? processes[process] : lanes[{process, lane}]) =
          event.at("args").at("name").text();
      continue;
    }
    ASSERT_TRUE(phase == "X" || phase == "i") << event.dump();
    ASSERT_GE(event.at("ts").number(), 0) << event.dump();
    ASSERT_TRUE(phase == "i" || event.at("dur").number() >= 0) << event.dump();
    ASSERT_TRUE(lanes.contains({process, lane})) << event.dump();
    ++spans[processes.at(process) + ": " + event.at("name").text()];
  }
  for (const char* const span : {"threads: holding", "threads: waiting", "threads: detached", "GILs: team 0",
                                 "GILs: team 1", "iterations: iteration 1"}) {
    EXPECT_GT(spans[span], 0) << span;
  }
}

TEST_F(Gil, TimelineShowsNativeCodeOutsideOfTheGil) {
  const auto file = timeline({"--filter=grayscale/openmp/"}, "gil.json.gz");
  EXPECT_TRUE(read_text_file(file).value_or("").starts_with("\x1f\x8b"));
  const auto result = report_on(file);
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  expect_holds(result.standard_output,
               {"row: grayscale/openmp/threads:2", "\nmain ", "waits: none", "holds: "});
  EXPECT_EQ(count_of(result.standard_output, "\nteam 0"), 0U);  // whoever calls a kernel waits for nobody
}

// Threads that the script starts are Python's own, and not of the team.
TEST_F(Gil, OfAScriptsOwnThreadsIsTracedToo) {
  folder().write("scripts/countdown.py",
                 "import threading\n"
                 "def work():\n"
                 "    for _ in range(200_000):\n"
                 "        pass\n"
                 "def run(begin, end):\n"
                 "    threads = [threading.Thread(target=work) for _ in range(3)]\n"
                 "    for thread in threads: thread.start()\n"
                 "    for thread in threads: thread.join()\n"
                 "    return end - begin\n");
  const auto file = timeline({"--filter=countdown/python/", "--scripts=scripts", "--min-time=0.000001"});
  const gil_trace::TimelineFile read = gil_trace::read_timeline(file);
  EXPECT_GE(read.recording.threads.size(), 4U) << "the team's thread and the three that it starts";
  for (const gil_trace::ThreadEvents& thread : read.recording.threads) EXPECT_FALSE(thread.events.empty());
  expect_holds(report_on(file).standard_output, {"team 0", "\nthread "});
}

TEST_F(Gil, TimelineIsRefusedBeforeAnythingRunsWhereItCannotBeWritten) {
  const auto refused = [&](const std::string& file, const std::string& why) {
    expect_refused(run({"--filter=countdown/native/", "--gil-trace=" + file}), {"--gil-trace=" + file, why});
  };
  refused("no such folder/gil.json", "cannot write there");
  refused(folder().path().string(), "is not a regular file");
  refused("/dev/null", "is not a regular file");
}

TEST_F(Gil, ReportRefusesWhatIsNoTimeline) {
  const auto refused = [&](const std::filesystem::path& file, const std::string& why) {
    const auto result = report_on(file);
    EXPECT_EQ(result.exit_code, 2) << file;
    EXPECT_EQ(result.standard_output, "") << file;
    expect_holds(result.standard_error,
                 {"harness: gil-report: " + file.string() + ": ", why, "--gil-trace=FILE"});
    expect_no_crash(result);
  };
  refused("missing.json", "there is no such file");
  refused(folder().path(), "it is a folder");
  refused(folder().write("empty.json", ""), "it is empty");
  refused(folder().write("text.json", "hello\n"), "it is not JSON");
  refused(folder().write("foreign.json", R"({"traceEvents":[]})"), "not a GIL trace of harness");
  refused(folder().write("list.json", "[1, 2]"), "not a GIL trace of harness");
  refused(folder().write("text.json.gz", "hello\n"), "it is not a gzip file");
  const std::filesystem::path large = folder().write("large.json", "");
  std::filesystem::resize_file(large, kMostFileBytes + 1);  // all hole
  refused(large, "it is larger than 128 MiB");
  const auto file = timeline({"--filter=countdown/python_threads"});
  const std::string whole = read_text_file(file).value_or("");
  refused(folder().write("half.json", whole.substr(0, whole.size() / 2)), "it was cut short");
}

TEST_F(Gil, ReportNeedsAFile) {
  const auto result = run_subprocess({.argv = {command({}).argv.front(), "gil-report"}}, kPatience);
  EXPECT_EQ(result.exit_code, 2);
  expect_holds(result.standard_error, {"FILE is required", "--help"});
}

}  // namespace
}  // namespace harness
