// harness/end_to_end/compare_test.cpp: several interpreters in one command, crashing and hanging.
#include <set>

#include "harness/end_to_end/compare_fixture.h"
#include "harness/interpreter/found.h"
#include "harness/system/sha256.h"
#include "harness/testing/skip.h"

namespace harness::compare_test {
namespace {

TEST_F(Compare, RunsEveryInterpreterOnceARoundInAFreshProcess) {
  const auto result = run(two_and({"--seed=7"}));
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  expect_holds(result.standard_output, {"countdown", "python/threads:1", "seed 7", out().string()});
  const auto lines = journal();
  ASSERT_EQ(lines.size(), 1U + 2 * 2);
  std::set<std::string> processes;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i].at("round"), (i - 1) / 2 + 1);
    const std::string folder = lines[i].at("folder").text();
    const auto text = read_text_file(out() / folder / "result.json");
    ASSERT_TRUE(text);
    EXPECT_EQ(Json::parse(*text).at("context").at("python_label"), lines[i].at("python") == 0 ? "a" : "b");
    processes.insert(folder);
  }
  EXPECT_EQ(processes.size(), 4U);
  EXPECT_EQ(cells().at(1).at("compared"), 2);
  expect_nothing_half_written();
}

TEST_F(Compare, AsksAnInterpreterOnceWhatItIs) {
  const std::string python = executable_of_default();
  if (python.empty()) return skip_for_want_of(kAPython, "there is no executable of " + std::string(kDefault));
  const auto asked =
      folder().write("python3", "#!/bin/sh\necho asked >> asked\nexec '" + python + "' \"$@\"\n");
  std::filesystem::permissions(asked, std::filesystem::perms::owner_all);
  const auto result = run({"--python=a=" + asked.string(), "--python=b=" + kDefault,
                           "--filter=^countdown/python/", "--rounds=3"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(read_text_file(folder().path() / "asked"), "asked\n");
  const Json context = context_of(1, "a");
  EXPECT_EQ(context.at("libpython"), context_of(1, "b").at("libpython"));
  EXPECT_EQ(context.at("libpython_sha256"), sha256_of_file(kDefault));
  EXPECT_EQ(context.at("python_executable"), python);
}

TEST_F(Compare, LooksAgainWhereAnInterpreterIsNoLongerWhatWasFound) {
  Interpreter other;
  other.executable = "/nowhere/python3";
  other.libpython = kDefault;
  other.version = "3.99.0";
  Arguments arguments{"--python=" + kDefault, "--filter=^countdown/python/"};
  for (const std::string& word :
       words_of({.interpreter = other, .code_state = "as it was", .sha256 = "another"})) {
    arguments.push_back("--found=" + word);
  }
  const auto result = run(arguments);
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(saved().at("context").at("libpython_sha256"), sha256_of_file(kDefault));
  EXPECT_NE(saved().at("context").at("python_executable"), "/nowhere/python3");
}

TEST_F(Compare, LoadsNoLibraryThatNoRowOfItNeeds) {
  folder().write("mine.py",
                 "import os\n"
                 "def bench_maps():\n"
                 "    with open('/proc/self/maps') as maps, open(f'maps-{os.getpid()}', 'w') as copy:\n"
                 "        copy.write(maps.read())\n"
                 "    return 1\n");
  const auto result = run(two_and({"--workload=mine.py", "--filter=^mine[.]maps/python/"}));
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  int processes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder().path())) {
    if (!entry.path().filename().string().starts_with("maps-")) continue;
    ++processes;
    const std::string maps = read_text_file(entry.path()).value_or("");
    EXPECT_NE(maps.find("libpython"), std::string::npos) << maps;
    for (const char* const library : {"libopencv", "libhwy", "libtbb", "harness_kernels"})
      EXPECT_EQ(maps.find(library), std::string::npos) << library;
  }
  EXPECT_EQ(processes, 4);
  const Json context = context_of(1, "a");
  EXPECT_NE(context.at("opencv"), "");
  EXPECT_NE(context.at("simd_target"), "");
}

TEST_F(Compare, RepeatsTheOrderByItsSeed) {
  Arguments arguments{"--filter=^countdown/python/", "--rounds=2", "--seed=12345"};
  for (const char* const label : {"a", "b", "c"}) {
    arguments.push_back("--python=" + std::string(label) + "=" + kDefault);
  }
  const auto order = [&](const std::string& folder) {
    Arguments here = arguments;
    here.push_back("--out=" + folder);
    EXPECT_EQ(run(here).exit_code, 0);
    std::vector<double> pythons;
    const auto lines = journal(this->folder().path() / folder);
    for (std::size_t i = 1; i < lines.size(); ++i) pythons.push_back(lines[i].at("python").number());
    return pythons;
  };
  const std::vector<double> first = order("first");
  EXPECT_EQ(first.size(), 6U);
  EXPECT_EQ(order("second"), first);
}

/// Who has called run(), in the order of the calls of one round: "aaabbbabbaab".
class Turns : public Compare {
 protected:
  std::string calls(const Arguments& more, const std::string& before = "") {
    Arguments arguments{
        countdown_with(before + "_run = run\n"
                                "def run(begin, end):\n"
                                "    with open('calls', 'a') as calls: calls.write(os.environ['WHO'])\n"
                                "    return _run(begin, end)\n"),
        "--python=a=" + kDefault + ",WHO=a",
        "--python=b=" + kDefault + ",WHO=b",
        "--filter=^countdown/python/",
        "--rounds=1",
        "--repetitions=4",
        "--min-time=0.000001"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    return read_text_file(folder().path() / "calls").value_or("");
  }
};

TEST_F(Turns, AreARepetitionLongThereAndBack) {
  const std::string last = calls({}).substr(2);
  ASSERT_GE(last.size(), 8U);
  const std::string repetitions = last.substr(last.size() - 8);
  EXPECT_TRUE(repetitions == "abbaabba" || repetitions == "baabbaab") << last;
}

// The descriptor by which a process takes turns is not among those that a script closes, or finds.
TEST_F(Turns, AreTakenWhateverAScriptDoesWithItsDescriptors) {
  const std::string last = calls({}, "import socket\nos.closerange(3, 50)\nsockets = socket.socketpair()\n");
  ASSERT_GE(last.size(), 8U);
  const std::string repetitions = last.substr(last.size() - 8);
  EXPECT_TRUE(repetitions == "abbaabba" || repetitions == "baabbaab") << last;
}

// Those that take turns with a process are not what keeps the machine from it.
TEST_F(Turns, AreNoReasonToWarnOfABusyMachine) {
  const auto result = run({"--python=a=" + kDefault, "--python=b=" + kDefault, "--filter=^countdown/python/",
                           "--countdown-steps=2000000", "--rounds=1", "--repetitions=2"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(result.standard_error.find("the machine was busy"), std::string::npos) << result.standard_error;
}

TEST_F(Turns, AreNotTakenWhereThatIsNotWanted) {
  const std::string all = calls({"--no-interleaving"});
  const std::size_t half = all.size() / 2;
  ASSERT_GE(half, 5U);
  EXPECT_EQ(all.substr(0, half), std::string(half, all.front()));
  EXPECT_EQ(all.substr(half), std::string(half, all.back()));
  EXPECT_NE(all.front(), all.back());
}

TEST_F(Compare, WritesFilesForOtherTools) {
  ASSERT_EQ(run(two_and({})).exit_code, 0);
  const auto files = files_in(out());
  for (const char* file : {"a.json", "b.json", "a.pyperf.json", "b.pyperf.json", "comparison.csv",
                           "comparison.json", "comparison.md", "journal.jsonl"}) {
    EXPECT_NE(std::ranges::find(files, file), files.end()) << file;
  }
  const auto again =
      run({"compare", (out() / "a.json").string(), (out() / "b.json").string(), "--margin=50%"});
  EXPECT_EQ(again.exit_code, 0) << again.standard_error;
  expect_holds(again.standard_output, {"python/threads:1", "unpaired"});
}

// Whoever finds it in an issue has nothing else.
TEST_F(Compare, HasMarkdownThatStandsByItself) {
  const auto scripts = countdown_with("if 'CRASH' in os.environ: os.kill(os.getpid(), 11)\n");
  const auto result = run({"--python=a=" + kDefault, "--python=b=" + kDefault + ",WHO=b",
                           "--python=bad=" + kDefault + ",CRASH=1", "--filter=^countdown/python/",
                           "--rounds=2", "--format=markdown", scripts});
  EXPECT_EQ(result.exit_code, 1);
  const Json context = context_of(1, "a");
  const std::string text = read_text_file(out() / "comparison.md").value_or("");
  EXPECT_EQ(result.standard_output, text);
  const std::string full = context.at("python_version").text();
  const std::string version = full.substr(0, full.find(' '));
  expect_holds(text, {"- interpreter a: `CPython " + version, "- interpreter b: `CPython " + version,
                      ", WHO=b`\n", "- interpreter bad: `CPython " + version, context.at("libpython").text(),
                      "- machine: `" + context.at("cpu_model").text() + ", ",
                      "- program: `harness " + context.at("harness_version").text() + " (", "- rounds: `2`\n",
                      "- command: `", "--format=markdown"});
  for (const std::string_view line : lines_of(result.standard_error)) {
    if (line.starts_with("warning: ")) expect_holds(text, {"- " + std::string(line) + "\n"});
  }
  const std::string a = (out() / "a.json").string(), b = (out() / "b.json").string();
  const auto files = run({"compare", a, b, "--format=markdown"});
  expect_holds(files.standard_output,
               {"- interpreter a: `CPython " + version, "- machine: `", "- command: `"});
  EXPECT_EQ(count_of(files.standard_output, "- warning: "), count_of(files.standard_error, "warning: "));
}

// A folder of the user's may be as deep as it likes; its name is never broken.
TEST_F(Compare, SaysWhatItComparesInLinesThatFitTheConsole) {
  const std::string deep = "deep/" + std::string(70, 'd');
  const auto result = run(two_and({"--rounds=1", "--out=" + deep}));
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const std::string plan = result.standard_output.substr(0, result.standard_output.find("\n\n"));
  for (const std::string_view line : lines_of(plan)) {
    EXPECT_TRUE(line.size() <= 100 || trimmed(line).find(' ') == std::string_view::npos) << line;
  }
  expect_holds(in_one_line(plan), {"results: " + (folder().path() / deep).string()});
}

TEST_F(Compare, ShowsTheColumnsThatAreAskedFor) {
  const auto result = run(two_and({"--columns=verdict,time_s,steps"}));
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  expect_holds(result.standard_output, {"\n  verdict\n", "\n  time_s\n", "\n  steps\n", "20,000"});
  EXPECT_EQ(count_of(result.standard_output, "meanwhile"), 0U);
  const auto again =
      run({"compare", (out() / "a.json").string(), (out() / "b.json").string(), "--columns=ratio"});
  expect_holds(again.standard_output, {"\n  ratio\n"});
  EXPECT_EQ(count_of(again.standard_output, "meanwhile"), 0U);
  expect_holds(run({"compare", (out() / "a.json").string(), (out() / "b.json").string(), "--columns=cv"})
                   .standard_error,
               {"--columns: a comparison has no 'cv'; give "});
}

TEST_F(Compare, RefusesColumnsThatItHasNotBeforeItRuns) {
  expect_refused(run(two_and({"--columns=real_time"})), {"--columns", "real_time", "time_s"});
}

TEST_F(Compare, WritesWhatPyperfAccepts) {
  const auto pyperf = [&](const std::string& arguments) {
    return run_by_shell("python3 -m pyperf " + arguments, {});
  };
  const auto help = pyperf("--help");
  if (help.exit_code != 0) GTEST_SKIP() << "the python3 of PATH has no pyperf: " << help.standard_error;
  ASSERT_EQ(run(two_and({"--repetitions=3"})).exit_code, 0);
  const std::string a = (out() / "a.pyperf.json").string();
  const std::string b = (out() / "b.pyperf.json").string();
  for (const std::string& arguments :
       {"compare_to " + a + " " + b, "stats " + a, "check " + a, "show " + b}) {
    const auto result = pyperf(arguments);
    EXPECT_EQ(result.exit_code, 0) << arguments << "\n" << result.standard_output << result.standard_error;
  }
}

TEST_F(Compare, PrintsWhatProgramsRead) {
  const auto as_json = run(two_and({"--rounds=1", "--format=json"}));
  EXPECT_FALSE(comparison().is_null());
  EXPECT_EQ(Json::parse(as_json.standard_output), comparison());
  const auto as_csv = resume({"--format=csv"});
  EXPECT_TRUE(as_csv.standard_output.starts_with("name,interpreter,")) << as_csv.standard_output;
}

TEST_F(Compare, GivesEachItsOwnEnvironment) {
  const auto scripts = countdown_with(
      "with open('seen', 'a') as file:\n"
      "    print(os.environ.get('WHO'), os.environ.get('ALL'), file=file)\n");
  const auto result = run({"--python=a=" + kDefault + ",WHO=first", "--python=b=" + kDefault + ",WHO=second",
                           "--filter=^countdown/python/", "--rounds=1", scripts},
                          {{"ALL", "all"}});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  std::multiset<std::string> seen;
  std::ifstream file(folder().path() / "seen");
  for (std::string line; std::getline(file, line);) seen.insert(line);
  EXPECT_EQ(seen, (std::multiset<std::string>{"first all", "second all"}));
}

TEST_F(Compare, RefusesASettingThatDidNotTakeEffect) {
  const auto result = run({"--python=a=" + kDefault, "--python=b=" + kDefault + ",PYTHON_GIL=0",
                           "--filter=^countdown/python/", "--rounds=1"});
  EXPECT_EQ(result.exit_code, 2);
  expect_holds(result.standard_error, {"b=", "PYTHON_GIL=0"});
}

TEST_F(Compare, SaysWhatCrashedAndGoesOnWithTheOthers) {
  const auto scripts = countdown_with("if 'CRASH' in os.environ: os.kill(os.getpid(), 11)\n");
  const auto result = run({"--python=a=" + kDefault, "--python=bad=" + kDefault + ",CRASH=1",
                           "--python=c=" + kDefault, "--filter=^countdown/python/", "--rounds=3", scripts});
  EXPECT_EQ(result.exit_code, 1);
  expect_no_crash(result);
  expect_holds(result.standard_output, {"failed", "bad, countdown/python/threads:1: crashed (SIGSEGV)"});
  EXPECT_EQ(cells().at(2).at("compared"), 3);
  // Whoever crashed twice is not run again.
  EXPECT_EQ(journal().size(), 1U + 3 + 2 + 3);
}

TEST_F(Compare, KillsWhatHangs) {
  const auto scripts = countdown_with("import time\nwhile 'HANG' in os.environ: time.sleep(1)\n");
  const auto result = run({"--python=a=" + kDefault, "--python=b=" + kDefault + ",HANG=1",
                           "--filter=^countdown/python/", "--rounds=1", "--timeout=1", scripts});
  EXPECT_EQ(result.exit_code, 1);
  expect_holds(result.standard_output,
               {"b, countdown/python/threads:1: hung: killed after 1.00 s (--timeout)"});
}

TEST_F(Compare, SaysWhichInterpreterFailsItsVerification) {
  const auto scripts = countdown_with(
      "if 'WRONG' in os.environ:\n"
      "    def run(begin, end):\n"
      "        return 5\n");
  const auto result = run({"--python=a=" + kDefault, "--python=b=" + kDefault + ",WRONG=1",
                           "--filter=^countdown/python/", "--rounds=2", scripts});
  EXPECT_EQ(result.exit_code, 1);
  expect_holds(result.standard_output, {"b, countdown/python/threads:1: wrong result", "(2 of"});
}

TEST_F(Compare, RefusesContradictions) {
  expect_refused(run({"--python=" + kDefault, "--python=" + kDefault}), {"give each a label"});
  expect_refused(run({"--python=" + kDefault, "--rounds=3"}), {"--rounds", "several --python"});
  expect_refused(run(two_and({"--gil-trace=x.json"})), {"--gil-trace"});
  expect_refused(run(two_and({"--filter=nothing_has_this_name"})), {"--filter"});
  expect_refused(run(two_and({"--python=c=/nowhere/python3"})), {"/nowhere/python3"});
  expect_refused(run({"compare", "only_one.json"}), {"two files or more"});
  expect_refused(run({"compare", "a.json", "b.json"}), {"a.json"});
  Arguments hundred;
  for (int i = 0; i < 100; ++i) hundred.push_back("--python=p" + std::to_string(i) + "=" + kDefault);
  expect_refused(run(hundred), {"given 100 times"});
}

}  // namespace
}  // namespace harness::compare_test
