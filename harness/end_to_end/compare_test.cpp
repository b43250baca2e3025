// harness/end_to_end/compare_test.cpp: several interpreters in one command, killed, resumed, crashing and
// hanging.
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <thread>

#include "harness/end_to_end/test_program.h"
#include "harness/interpreter/found.h"
#include "harness/system/sha256.h"
#include "harness/system/text.h"

namespace harness::compare_test {
namespace {

using namespace std::chrono_literals;

const std::string kDefault = HARNESS_LIBPYTHON;

/// The default libpython under two labels: a comparison that any machine can run.
class Compare : public ProgramTest {
 protected:
  const Arguments kTwo{"--python=a=" + kDefault, "--python=b=" + kDefault};

  /// Both, with few short rounds of one row where `more` does not say otherwise.
  Arguments two_and(const Arguments& more) const {
    Arguments arguments = kTwo;
    for (const std::string flag : {"--filter=^countdown/python/", "--rounds=2"}) {
      const std::string name = flag.substr(0, flag.find('=') + 1);
      const auto given = [&](const std::string& word) { return word.starts_with(name); };
      if (std::ranges::none_of(more, given)) arguments.push_back(flag);
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  Json comparison() const { return Json::parse(read_text_file(out() / "comparison.json").value_or("null")); }

  /// The cells of the comparison's first row, an interpreter each.
  Json cells() const { return comparison().at("rows").at(0).at("cells"); }

  /// Its plan, and a line a process.
  std::vector<Json> journal() const { return journal(out()); }
  static std::vector<Json> journal(const std::filesystem::path& of) {
    std::vector<Json> lines;
    std::ifstream file(of / "journal.jsonl");
    for (std::string line; std::getline(file, line);) {
      if (lines.empty() || line.starts_with(R"({"round")")) lines.push_back(Json::parse(line));
    }
    return lines;
  }

  /// How a comparison in out() is gone on with.
  Command resumption(const Arguments& more = {}) const {
    Command again = command({});
    again.argv = {again.argv.front(), "--resume=" + out().string()};
    again.argv.insert(again.argv.end(), more.begin(), more.end());
    return again;
  }
  ProcessResult resume(const Arguments& more = {}) const {
    return run_subprocess(resumption(more), kPatience);
  }

  /// Puts rounds of this test's own in the place of those that the comparison in out() has run: in round i, a
  /// took a millisecond and b `b_ms[i]`, and each process a millisecond in all. What a machine measures,
  /// nobody knows.
  void plant(const std::vector<double>& b_ms) const {
    const std::string begun = read_text_file(out() / "journal.jsonl").value();
    std::string text = begun.substr(0, begun.find('\n') + 1);
    for (std::size_t round = 0; round < b_ms.size(); ++round) {
      for (const std::size_t python : {0U, 1U}) {
        const std::string name = "planted/" + std::to_string(round) + (python == 0 ? "a" : "b");
        folder().write("out/" + name + "/result.json",
                       R"({"context": {}, "benchmarks": [{"run_name": "countdown/python/threads:1",)"
                       R"( "run_type": "iteration", "time_unit": "ms", "real_time": )" +
                           std::to_string(python == 0 ? 1 : b_ms[round]) + "}]}");
        text += R"({"round":)" + std::to_string(round + 1) + R"(,"python":)" + std::to_string(python) +
                R"(,"folder":")" + name + R"(","failure":"","wall_s":0.001})" + "\n";
      }
    }
    folder().write("out/journal.jsonl", text);
  }

  /// Of the process of `label` in a round.
  Json context_of(int round, const std::string& label) const {
    const auto text =
        read_text_file(out() / ("processes/000" + std::to_string(round) + "-" + label) / "result.json");
    return text ? Json::parse(*text).at("context") : Json();
  }

  /// As the program says of itself; empty where there is none.
  std::string executable_of_default() const {
    run({"--filter=^countdown/python/", "--python=" + kDefault, "--out=default"});
    const auto text = read_text_file(folder().path() / "default/result.json");
    const std::string executable =
        text ? Json::parse(*text).at("context").at("python_executable").text() : "";
    return std::filesystem::exists(executable) ? executable : "";
  }

  /// A scripts folder whose countdown.py is `text` after the real run().
  std::string countdown_with(const std::string& text) const {
    std::filesystem::copy(HARNESS_SCRIPTS_FOLDER, folder().path() / "scripts");
    const auto real = read_text_file(std::filesystem::path(HARNESS_SCRIPTS_FOLDER) / "countdown.py").value();
    folder().write("scripts/countdown.py", real + "\n\nimport os\n" + text);
    return "--scripts=scripts";
  }
};

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
  if (python.empty()) GTEST_SKIP() << "there is no executable of " << kDefault;
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

TEST_F(Compare, EndsOnCtrlCAndGoesOnWhereItWas) {
  const auto scripts = countdown_with(
      "if os.path.exists('stop') and 'SLOW' in os.environ:\n"
      "    open('started', 'w').close()\n"
      "    while True: pass\n");
  const Arguments arguments{"--python=a=" + kDefault,
                            "--python=b=" + kDefault + ",SLOW=1",
                            "--filter=^countdown/python/",
                            "--rounds=2",
                            "--seed=1",
                            scripts};
  folder().write("stop", "");
  Subprocess program(command(arguments));
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!std::filesystem::exists(folder().path() / "started") &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(10ms);
  }
  program.kill(SIGINT);
  const auto interrupted = program.wait(10s);
  EXPECT_EQ(interrupted.exit_code, 130) << interrupted.standard_error;
  expect_holds(interrupted.standard_error, {"--resume=" + out().string()});
  const auto before = journal();
  EXPECT_LE(before.size(), 2U);

  std::filesystem::remove(folder().path() / "stop");
  const auto resumed = resume();
  EXPECT_EQ(resumed.exit_code, 0) << resumed.standard_error;
  const auto after = journal();
  EXPECT_EQ(after.size(), 1U + 2 * 2);
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(after[i], before[i]);
}

// SIGKILL leaves no time for anything. Killed again and again, at another moment of a process each time, it
// still comes to the end, and has run each process once.
TEST_F(Compare, SurvivesBeingKilledAtAnyPoint) {
  constexpr std::size_t kLines = 1 + 3 * 2;
  const Arguments begin = two_and({"--rounds=3", "--seed=3"});
  const auto begun = [&] { return !journal().empty(); };
  const auto killed_after = [&](std::chrono::milliseconds delay, std::size_t lines) {
    Subprocess program(begun() ? resumption() : command(begin));
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (journal().size() < lines && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(1ms);
    }
    std::this_thread::sleep_for(delay);
    program.kill(SIGKILL);
    return program.wait(kPatience);
  };
  for (const auto delay : {10ms, 40ms}) {  // before it has begun
    killed_after(delay, 0);
    if (!begun()) std::filesystem::remove_all(out());
  }
  auto delay = 0ms;
  while (journal().size() < kLines) {
    const std::size_t lines = journal().size() + 1;
    killed_after(delay, lines);
    ASSERT_GE(journal().size(), lines);
    delay += 25ms;
  }
  killed_after(5ms, kLines);  // while it reads what there is, or reports it
  const auto result = resume();
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  const auto lines = journal();
  ASSERT_EQ(lines.size(), kLines);
  std::set<std::pair<double, double>> processes;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    processes.emplace(lines[i].at("round").number(), lines[i].at("python").number());
  }
  EXPECT_EQ(processes.size(), kLines - 1);
  EXPECT_EQ(cells().at(1).at("compared"), 3);
}

TEST_F(Compare, RefusesToGoOnWithSomethingElse) {
  ASSERT_EQ(run(two_and({"--rounds=1"})).exit_code, 0);
  expect_holds(resume({"--countdown-steps=77"}).standard_error,
               {"--countdown-steps=77", "comparison of its own"});
  expect_holds(resume({"--python=" + kDefault}).standard_error, {"--python=a=", "comparison of its own"});
  expect_holds(resume({"--seed=123"}).standard_error, {"--seed"});
  EXPECT_EQ(resume({"--rounds=2"}).exit_code, 0);  // more of the same is no difference
  EXPECT_EQ(journal().size(), 1U + 2 * 2);
  const auto none = run({"--resume=nowhere"});
  EXPECT_EQ(none.exit_code, 2);
  expect_holds(none.standard_error, {"nowhere", "no comparison to go on with"});
}

const std::vector<double> kNineTimesSlower{9, 9.01, 8.99};
const std::vector<double> kTheSame{1, 1.001, 0.999};
const std::vector<double> kNobodyKnows{0.5, 1, 2};

// What a report showed may be why further rounds are run. To look at its rounds again would be another chance
// to be wrong.
TEST_F(Compare, RestsOnRoundsThatWereNotReportedYet) {
  ASSERT_EQ(run(two_and({"--rounds=1"})).exit_code, 0);
  plant(kTheSame);
  ASSERT_EQ(resume({"--rounds=3"}).exit_code, 0);
  EXPECT_EQ(cells().at(1).at("compared"), 3);
  EXPECT_EQ(comparison().at("first_round"), 1);
  ASSERT_EQ(resume({"--rounds=3"}).exit_code, 0);
  EXPECT_EQ(cells().at(1).at("compared"), 3) << "the same report";
  const auto more = resume({"--rounds=5", "--format=markdown"});
  ASSERT_EQ(more.exit_code, 0) << more.standard_error;
  EXPECT_EQ(cells().at(1).at("compared"), 2);
  EXPECT_EQ(comparison().at("first_round"), 4);
  expect_holds(more.standard_output, {"2 rounds;", "without the 3 rounds reported before"});
}

TEST_F(Compare, GoesOnUntilEveryRowIsDecidedOrABudgetIsSpent) {
  ASSERT_EQ(run(two_and({"--rounds=1"})).exit_code, 0);
  const auto verdict_within = [&](const std::string& budget) {
    const auto result = resume({"--rounds=3", budget});
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    return cells().at(1).text("verdict", "none");
  };
  plant(kNineTimesSlower);
  EXPECT_EQ(verdict_within("--budget=60"), "slower");
  EXPECT_EQ(journal().size(), 1U + 3 * 2) << "no process more";
  plant(kTheSame);
  EXPECT_EQ(verdict_within("--budget=60"), "same");
  EXPECT_EQ(journal().size(), 1U + 3 * 2);
  plant(kNobodyKnows);
  EXPECT_EQ(verdict_within("--budget=0.007"), "inconclusive");
  EXPECT_EQ(journal().size(), 1U + 3 * 2) << "a fourth round would be over the budget";
  verdict_within("--budget=0.009");
  EXPECT_EQ(journal().size(), 1U + 4 * 2) << "and real processes take longer than those that were planted";
}

TEST_F(Compare, ExitsByFailIf) {
  ASSERT_EQ(run(two_and({"--rounds=1"})).exit_code, 0);
  const auto status = [&](const std::vector<double>& b_ms) {
    plant(b_ms);
    return resume({"--rounds=3", "--fail-if=slower:50%"}).exit_code;
  };
  EXPECT_EQ(status(kTheSame), 0);
  EXPECT_EQ(status(kNobodyKnows), 4);
  EXPECT_EQ(status(kNineTimesSlower), 3);
  const std::string a = out() / "a.json", b = out() / "b.json";
  EXPECT_EQ(run({"compare", a, b, "--fail-if=slower:50%"}).exit_code, 3);
  EXPECT_EQ(run({"compare", b, a, "--fail-if=slower:50%"}).exit_code, 0);
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
