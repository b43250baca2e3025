// harness/end_to_end/report_test.cpp: what a run says on standard output, on standard error and in its file.
#include <algorithm>
#include <regex>

#include "harness/end_to_end/test_program.h"
#include "harness/system/text.h"

namespace harness {
namespace {

using Names = std::vector<std::string>;

// The rows that there must be for two thread counts, in this order; there may be more among them.
const Names kNames{
    "countdown/python/threads:1",
    "countdown/python_threads/threads:1",
    "countdown/python_threads/threads:2",
    "countdown/native_gil_held/threads:1",
    "countdown/native_gil_held/threads:2",
    "countdown/native/threads:1",
    "countdown/openmp/threads:1",
    "countdown/openmp/threads:2",
    "sum_of_squares/python/threads:1",
    "sum_of_squares/python_threads/threads:1",
    "sum_of_squares/python_threads/threads:2",
    "sum_of_squares/native_gil_held/threads:1",
    "sum_of_squares/native_gil_held/threads:2",
    "sum_of_squares/native/threads:1",
    "sum_of_squares/openmp/threads:1",
    "sum_of_squares/openmp/threads:2",
    "memory/read3_write1/threads:1/stores:ordinary",
    "memory/read3_write1/threads:2/stores:ordinary",
    "memory/read3_write1/threads:1/stores:streaming",
    "memory/read3_write1/threads:2/stores:streaming",
    "memory/copy/threads:1",
    "memory/copy/threads:2",
    "grayscale/python/threads:1",
    "grayscale/python_threads/threads:1",
    "grayscale/python_threads/threads:2",
    "grayscale/native_gil_held/threads:1",
    "grayscale/native_gil_held/threads:2",
    "grayscale/python_numpy_style/threads:1",
    "grayscale/cython/threads:1",
    "grayscale/cython/threads:2",
    "grayscale/native/threads:1",
    "grayscale/openmp/threads:1",
    "grayscale/openmp/threads:2",
    "grayscale/simd/threads:1",
    "grayscale/openmp_simd/threads:1",
    "grayscale/openmp_simd/threads:2",
    "grayscale/opencv/threads:1",
    "grayscale/opencv/threads:2",
};

/// The records of RFC 4180 text, each as its fields.
std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
  std::vector<std::vector<std::string>> records{{""}};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      records.back().emplace_back();
    } else if (c == '\n' && !quoted) {
      records.push_back({""});
    } else {
      records.back().back() += c;
    }
  }
  records.pop_back();
  return records;
}

class Report : public ProgramTest {
 protected:
  /// The report as it stands on standard output of a run that succeeds.
  Json report(Arguments arguments, const Environment& environment = {}) const {
    arguments.emplace_back("--format=json");
    const auto result = run(arguments, environment);
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    return Json::parse(result.standard_output);
  }

  /// What --list says, line by line.
  Names list(Arguments arguments) const {
    arguments.emplace_back("--list");
    const auto result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    Names names;
    for (const std::string_view line : lines_of(result.standard_output)) names.emplace_back(line);
    return names;
  }
};

TEST_F(Report, NamesRowsByWorkloadStrategyAndThreads) {
  const Names listed = list({"--threads=2,1,2"});
  for (const std::string& name : listed) {
    EXPECT_TRUE(
        std::regex_match(name, std::regex("[a-z_0-9]+/[a-z_0-9]+/threads:[12](/(stores|transfer):[a-z]+)?")))
        << name;
  }
  auto next = listed.begin();
  for (const std::string& name : kNames) {
    next = std::find(next, listed.end(), name);
    ASSERT_NE(next, listed.end()) << name << " is not listed, or not in its place";
  }
}

TEST_F(Report, NamesEveryRowOnceOnTheConsoleAndInTheFile) {
  const Names listed = list({"--threads=1,2"});
  const auto wide = run({"--threads=1,2", "--format=gbench"});
  for (const std::string& name : listed) {
    EXPECT_EQ(count_of(wide.standard_output, "\n" + name + " "), 1U) << name;
  }
  EXPECT_EQ(names_of(saved()), listed);
}

TEST_F(Report, HasALineOfCsvForEveryRowAndTheSameColumnsInEachLine) {
  const auto records = parse_csv(run({"--format=csv"}).standard_output);
  const Names rows = names_of(saved());
  ASSERT_EQ(records.size(), 1 + rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(records[i + 1].front(), rows[i]);
  const Names& columns = records.front();
  for (const char* const name :
       {"name", "workload", "strategy", "threads", "repetitions", "median_s", "cv", "cpu_per_wall",
        "pixels_per_second", "speedup", "steps_per_second", "terms_per_second", "error"}) {
    EXPECT_EQ(std::ranges::count(columns, name), 1) << name;
  }
  for (const auto& record : records) EXPECT_EQ(record.size(), columns.size()) << record.front();
}

TEST_F(Report, ListsWhatTheFilterTakesAndWritesNothing) {
  EXPECT_EQ(list({"--filter=countdown/openmp", "--threads=2,1,2"}),
            (Names{"countdown/openmp/threads:1", "countdown/openmp/threads:2"}));
  Names others = list({"--filter=all"});
  std::erase_if(others, [](const std::string& name) { return name.starts_with("countdown/"); });
  EXPECT_EQ(list({"--filter=-^countdown/"}), others);
  EXPECT_FALSE(std::filesystem::exists(out()));
}

TEST_F(Report, IsTheSameOnStandardOutputAsInTheFile) {
  const auto result = run({"--filter=countdown", "--format=json"});
  EXPECT_EQ(result.standard_output, read_text_file(out() / "result.json"));
  EXPECT_FALSE(saved().is_null());
}

TEST_F(Report, HasTheFactsThatAReaderNeeds) {
  const Json context = report({"--filter=native/"}).at("context");
  for (const char* const key :
       {"python_version", "python_config_args", "python_cflags",    "gil_enabled",   "switch_interval_s",
        "libpython",      "libpython_sha256",   "harness_compiler", "harness_flags", "openmp",
        "opencv",         "google_benchmark",   "cpu_model",        "cpus_allowed",  "cpu_quota_cores",
        "cores_allowed",  "governor",           "load_average",     "aslr",          "image",
        "image_size",     "image_sha256",       "command_line",     "harness_commit"}) {
    EXPECT_TRUE(context.contains(key)) << key;
  }
  EXPECT_EQ(context.at("libpython_sha256").text().size(), 64U);
  EXPECT_TRUE(std::filesystem::exists(context.at("libpython").text()));
  EXPECT_EQ(context.at("image_size"), "64x48");
  EXPECT_EQ(context.at("code"), "pyc");
  EXPECT_EQ(context.at("executable"), "harness");
  expect_holds(context.at("command_line").text(), {"harness --filter=native/ --format=json --threads=2"});
}

TEST_F(Report, HasWhatTheUserChose) {
  const Json context = report({"--filter=countdown/native/", "--switch-interval=0.25",
                               "--countdown-steps=1234", "--sum-n=77", "--code=source"},
                              {{"OMP_DYNAMIC", "false"}, {"OMP_PROC_BIND", "close"}})
                           .at("context");
  EXPECT_EQ(context.at("switch_interval_s"), "0.25");
  EXPECT_EQ(context.at("countdown_steps"), "1234");
  EXPECT_EQ(context.at("sum_n"), "77");
  EXPECT_EQ(context.at("code"), "source");
  EXPECT_EQ(context.at("OMP_DYNAMIC"), "false");
  EXPECT_EQ(context.at("OMP_PROC_BIND"), "close");
}

TEST_F(Report, HasCountersInEveryRow) {
  const std::map<std::string, std::string> units{
      {"countdown", "steps"}, {"sum_of_squares", "terms"}, {"memory", "pixels"}, {"grayscale", "pixels"}};
  for (const Json& row : report({}).at("benchmarks").elements()) {
    const std::string name = row.at("name").text();
    if (row.contains("error_message")) continue;  // one that does not apply here
    const std::string unit = units.at(name.substr(0, name.find('/')));
    EXPECT_EQ(row.contains("speedup"), !name.starts_with("memory/")) << name;
    EXPECT_GT(row.at("cpu_per_wall").number(), 0) << name;
    EXPECT_GT(row.at(unit).number(), 0) << name;
    EXPECT_GT(row.at(unit + "_per_second").number(), 0) << name;
    const bool native_grayscale = name.starts_with("grayscale/") && !name.starts_with("grayscale/python") &&
                                  !name.starts_with("grayscale/subinterpreters");
    const bool withheld = row.text("label", "").find("of_ceiling withheld: ") != std::string::npos;
    EXPECT_EQ(row.contains("of_ceiling") || withheld, native_grayscale) << name;
    EXPECT_FALSE(row.contains("of_ceiling") && withheld) << name;
    if (!row.contains("of_ceiling")) continue;
    EXPECT_LE(row.at("of_ceiling").number(), 1.02) << name;
  }
}

// Linux counts in ticks, which a short one has too few of.
TEST_F(Report, TellsWhatOthersHadOfTheMachineWhereARepetitionIsLongEnough) {
  for (const auto& [slept_s, told] : {std::pair{"0.6", true}, {"0", false}}) {
    folder().write("scripts/countdown.py",
                   "import time\n"
                   "def run(begin, end):\n"
                   "    if begin < end: time.sleep(" +
                       std::string(slept_s) +
                       ")\n"
                       "    return end - begin\n");
    run({"--filter=countdown/python/", "--scripts=scripts"});
    const Json row = saved().at("benchmarks").at(0);
    for (const char* const counter : {"others_cpu_share", "stolen_cpu_share"}) {
      EXPECT_EQ(row.contains(counter), told) << counter << " in " << slept_s << " s";
      EXPECT_GE(row.number(counter, 0), 0) << counter;
    }
  }
}

TEST_F(Report, NamesTheSizeWhereThereAreSeveralAndComparesWithinOne) {
  const Json json = report({"--filter=grayscale/(python/|simd)", "--size=64x48", "--size=32x16"});
  EXPECT_EQ(json.at("context").at("image_size"), "64x48,32x16");
  EXPECT_EQ(
      names_of(json),
      (Names{"memory/read3_write1/size:64x48/threads:1/stores:ordinary",
             "memory/read3_write1/size:64x48/threads:1/stores:streaming", "memory/copy/size:64x48/threads:1",
             "grayscale/python/size:64x48/threads:1", "grayscale/simd/size:64x48/threads:1",
             "memory/read3_write1/size:32x16/threads:1/stores:ordinary",
             "memory/read3_write1/size:32x16/threads:1/stores:streaming", "memory/copy/size:32x16/threads:1",
             "grayscale/python/size:32x16/threads:1", "grayscale/simd/size:32x16/threads:1"}));
  const std::vector<Json> rows = json.at("benchmarks").elements();
  for (const std::size_t row : {4U, 9U}) {
    EXPECT_DOUBLE_EQ(rows[row].at("speedup").number(),
                     rows[row - 1].at("real_time").number() / rows[row].at("real_time").number());
  }
  EXPECT_EQ(files_in(out()), Names{"result.json"}) << "of a curve no pictures";
}

TEST_F(Report, ComparesPythonByItsRateWhereItDidAPart) {
  const Json rows =
      report({"--filter=grayscale/(python/|simd)", "--size=64x48", "--python-pixels=700"}).at("benchmarks");
  const Json python = rows.at(3);
  const Json simd = rows.at(4);
  EXPECT_EQ(python.at("pixels"), 640) << "whole rows";
  EXPECT_EQ(simd.at("pixels"), 64 * 48);
  EXPECT_NEAR(simd.at("speedup").number(),
              simd.at("pixels_per_second").number() / python.at("pixels_per_second").number(),
              simd.at("speedup").number() * 1e-6);
}

TEST_F(Report, SaysHowTheKernelsWereChosen) {
  const Json context = report({"--filter=grayscale/simd", "--streaming-above=5000"}).at("context");
  EXPECT_NE(context.at("simd_target").text(), "");
  EXPECT_EQ(context.at("streaming_above_bytes"), "5000");
  EXPECT_EQ(context.at("streaming_above_from"), "--streaming-above");
  const Json standard = report({"--filter=grayscale/simd"}).at("context");
  EXPECT_GT(std::stoll(standard.at("streaming_above_bytes").text()), 100'000);
  EXPECT_TRUE(standard.at("streaming_above_from").text().starts_with("the ")) << standard;
}

// Absent, not zero.
TEST_F(Report, HasNoSpeedupWherePurePythonDidNotRun) {
  for (const Json& row :
       report({"--filter=countdown/native|sum_of_squares/(python|native)"}).at("benchmarks").elements()) {
    const std::string name = row.at("name").text();
    EXPECT_EQ(row.contains("speedup"), !name.starts_with("countdown")) << name;
  }
  const auto console = run({"--filter=countdown/native"});
  EXPECT_EQ(count_of(console.standard_output, "speedup"), 0U);
  EXPECT_EQ(count_of(console.standard_output, "pure Python"), 0U);
}

TEST_F(Report, ShowsEachWorkloadOnceWithASentence) {
  const std::string text = run({"--filter=/(python|python_threads|native)/"}).standard_output;
  for (const char* const workload : {"countdown", "sum_of_squares", "grayscale"}) {
    EXPECT_EQ(count_of(text, std::string("\n") + workload + "\n  python/threads:1 "), 1U) << text;
  }
  EXPECT_EQ(count_of(text, "Python threads took "), 3U) << text;
  EXPECT_EQ(count_of(text, "speed-up"), 1U) << text;
  EXPECT_TRUE(text.ends_with("\nresults: " + (out() / "result.json").string() + "\n")) << text;
}

TEST_F(Report, ShowsTheColumnsThatAreAskedFor) {
  const auto chosen = run({"--filter=countdown/python/", "--columns=real_time,steps"});
  expect_holds(chosen.standard_output, {"real_time", "steps"});
  EXPECT_EQ(count_of(chosen.standard_output, "speed-up"), 0U) << chosen.standard_output;
  const auto wrong = run({"--filter=countdown/python/", "--columns=speed"});
  EXPECT_EQ(wrong.exit_code, 2);
  expect_holds(wrong.standard_error, {"--columns: no row has 'speed'; give "});
}

TEST_F(Report, IsATableInMarkdown) {
  const auto result = run({"--filter=countdown/python/", "--format=markdown"});
  EXPECT_TRUE(result.standard_output.starts_with("- interpreter: `CPython 3.")) << result.standard_output;
  expect_holds(result.standard_output,
               {"\n- machine: ", "\n- program: `harness ", "\n- command: ", "--filter=countdown/python/",
                "\n\n### countdown\n\n|  | time | spread | speed-up |  |\n"});
}

TEST_F(Report, WarnsOnStandardErrorAndInTheFileAlike) {
  const auto result = run({"--filter=countdown/native_gil_held", "--threads=1,1024", "--format=json"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  const Json json = saved();
  std::string warnings;
  for (const auto& [key, value] : json.at("context").items()) {
    if (key.starts_with("warning_")) warnings += "warning: " + value.text() + "\n";
  }
  EXPECT_EQ(result.standard_error, warnings);
  expect_holds(warnings, {"more threads than", "countdown/native_gil_held/threads:1024"});
}

TEST_F(Report, HasAggregatesOfSeveralRepetitions) {
  const Json json = report({"--filter=countdown/python/", "--repetitions=3"});
  EXPECT_EQ(names_of(json), Names(3, "countdown/python/threads:1"));
  Names aggregates;
  for (const Json& row : json.at("benchmarks").elements()) {
    if (row.at("run_type") != "aggregate") continue;
    aggregates.push_back(row.at("name").text());
    EXPECT_TRUE(row.contains("speedup"));
  }
  EXPECT_EQ(aggregates, (Names{"countdown/python/threads:1_mean", "countdown/python/threads:1_median",
                               "countdown/python/threads:1_stddev", "countdown/python/threads:1_cv"}));
}

TEST_F(Report, PassesFlagsOnToGoogleBenchmark) {
  EXPECT_EQ(names_of(report({"--filter=countdown/native/", "--benchmark_repetitions=2"})).size(), 2U);
  const Json row = report({"--filter=countdown/native/", "--benchmark_min_time=0.05"}).at("benchmarks").at(0);
  EXPECT_EQ(row.at("time_unit"), "ms");
  EXPECT_GE(row.at("iterations").number() * row.at("real_time").number(), 49.9);
}

TEST_F(Report, TakesAtLeastTheTimeThatIsAskedFor) {
  const Json rows =
      report({"--filter=countdown/native/", "--min-time=0.05", "--repetitions=3"}).at("benchmarks");
  const Json first = rows.at(0);
  EXPECT_GE(first.at("iterations").number() * first.at("real_time").number(), 49.9);
  for (std::size_t other = 1; other < 3; ++other) {
    EXPECT_EQ(rows.at(other).at("iterations"), first.at("iterations"));
  }
}

TEST_F(Report, SaysWhatTheProgramIs) {
  const auto help = run({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* const flag :
       {"--filter", "--list", "--threads", "--python", "--list-pythons", "--switch-interval", "--scripts",
        "--code", "--countdown-steps", "--sum-n", "--image", "--size", "--repetitions", "--min-time", "--out",
        "--format", "--color", "--help", "--version"}) {
    EXPECT_NE(help.standard_output.find(flag), std::string::npos) << flag;
  }
  const auto version = run({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_TRUE(version.standard_output.starts_with("harness ")) << version.standard_output;
  EXPECT_FALSE(std::filesystem::exists(out()));
}

// Python sees the affinity of its own thread, so that the script says where it was run.
TEST_F(Report, TellsWhereThreadsArePinned) {
  std::filesystem::copy(HARNESS_SCRIPTS_FOLDER, folder().path() / "scripts");
  folder().write("scripts/countdown.py",
                 "import os\n"
                 "def run(begin, end):\n"
                 "    with open('cpus', 'a') as file:\n"
                 "        print(len(os.sched_getaffinity(0)), file=file)\n"
                 "    return end - begin\n");
  const Arguments arguments{"--filter=^countdown/python_threads/", "--scripts=scripts"};
  const auto cpus = [&] { return read_text_file(folder().path() / "cpus").value_or(""); };
  ASSERT_EQ(run(arguments).exit_code, 0);
  EXPECT_EQ(saved().at("context").at("pinned"), "none");
  std::filesystem::remove(folder().path() / "cpus");
  Arguments pinned = arguments;
  pinned.push_back("--pin");
  const auto result = run(pinned);
  ASSERT_EQ(result.exit_code, 0);
  expect_holds(saved().at("context").at("pinned").text(), {"thread 0 on CPU ", "thread 1 on CPU "});
  expect_holds(result.standard_output, {"pinned: thread 0 on CPU "});
  EXPECT_TRUE(cpus().starts_with("1\n1\n")) << cpus();
  EXPECT_EQ(cpus().find_first_not_of("1\n"), std::string::npos) << cpus();
}

}  // namespace
}  // namespace harness
