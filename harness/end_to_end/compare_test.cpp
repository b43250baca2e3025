// harness/end_to_end/compare_test.cpp: several interpreters in one command, killed, resumed, crashing and
// hanging.
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <thread>

#include "harness/end_to_end/test_program.h"
#include "harness/system/text.h"

namespace harness::compare_test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

const std::string kDefault = HARNESS_LIBPYTHON;

/// The default libpython under two labels: a comparison that any machine can run.
class Compare : public ProgramTest {
 protected:
  const Arguments kTwo{"--python=a=" + kDefault, "--python=b=" + kDefault};

  /// Both, with few short rounds of one row where `more` does not say otherwise.
  Arguments two_and(const Arguments& more) const {
    Arguments arguments = kTwo;
    for (const std::string flag : {"--filter=^countdown/python/", "--rounds=3"}) {
      const std::string name = flag.substr(0, flag.find('=') + 1);
      const auto given = [&](const std::string& word) { return word.starts_with(name); };
      if (std::ranges::none_of(more, given)) arguments.push_back(flag);
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  json comparison() const {
    const auto text = read_text_file(out() / "comparison.json");
    return text ? json::parse(*text) : json();
  }

  std::vector<json> journal() const {
    std::vector<json> lines;
    std::ifstream file(out() / "journal.jsonl");
    for (std::string line; std::getline(file, line);) lines.push_back(json::parse(line));
    return lines;
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
  ASSERT_EQ(lines.size(), 1U + 3 * 2);
  std::set<std::string> processes;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i]["round"], (i - 1) / 2 + 1);
    const auto text = read_text_file(out() / lines[i]["folder"].get<std::string>() / "result.json");
    ASSERT_TRUE(text);
    const json saved = json::parse(*text);
    EXPECT_EQ(saved["context"]["python_label"], lines[i]["python"] == 0 ? "a" : "b");
    processes.insert(lines[i]["folder"]);
  }
  EXPECT_EQ(processes.size(), 6U);
  EXPECT_EQ(comparison()["rows"][0]["cells"][1]["compared"], 3);
  expect_nothing_half_written();
}

TEST_F(Compare, RepeatsTheOrderByItsSeed) {
  const auto order = [&](const std::string& folder) {
    EXPECT_EQ(run(two_and({"--seed=12345", "--rounds=6", "--out=" + folder})).exit_code, 0);
    std::vector<int> pythons;
    std::ifstream file(this->folder().path() / folder / "journal.jsonl");
    std::string line;
    for (std::getline(file, line); std::getline(file, line);) pythons.push_back(json::parse(line)["python"]);
    return pythons;
  };
  EXPECT_EQ(order("first"), order("second"));
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

// Skipped where the python3 of PATH has no pyperf.
TEST_F(Compare, WritesWhatPyperfAccepts) {
  const auto pyperf = [&](const std::string& arguments) {
    return run_by_shell("python3 -m pyperf " + arguments, {});
  };
  if (pyperf("--help").exit_code != 0) GTEST_SKIP() << "python3 has no pyperf";
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
  const auto as_json = run(two_and({"--format=json"}));
  EXPECT_EQ(json::parse(as_json.standard_output, nullptr, false), comparison());
  std::filesystem::remove_all(out());
  const auto as_csv = run(two_and({"--format=csv"}));
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
                           "--python=c=" + kDefault, "--filter=^countdown/python/", "--rounds=4", scripts});
  EXPECT_EQ(result.exit_code, 1);
  expect_no_crash(result);
  expect_holds(result.standard_output, {"failed", "bad, countdown/python/threads:1: crashed (SIGSEGV)"});
  const json cells = comparison()["rows"][0]["cells"];
  EXPECT_EQ(cells[2]["compared"], 4);
  // Whoever crashed twice is not run again.
  EXPECT_EQ(journal().size(), 1U + 4 + 2 + 4);
}

TEST_F(Compare, KillsWhatHangs) {
  const auto scripts = countdown_with("while 'HANG' in os.environ: pass\n");
  const auto result = run({"--python=a=" + kDefault, "--python=b=" + kDefault + ",HANG=1",
                           "--filter=^countdown/python/", "--rounds=1", "--timeout=3", scripts});
  EXPECT_EQ(result.exit_code, 1);
  expect_holds(result.standard_output,
               {"b, countdown/python/threads:1: hung: killed after 3.00 s (--timeout)"});
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
  Command resume = command({});
  resume.argv = {resume.argv.front(), "--resume=" + out().string()};
  const auto resumed = run_subprocess(resume, kPatience);
  EXPECT_EQ(resumed.exit_code, 0) << resumed.standard_error;
  const auto after = journal();
  EXPECT_EQ(after.size(), 1U + 2 * 2);
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(after[i], before[i]);
}

// SIGKILL leaves no time for anything. Killed again and again, it still comes to the end, and no process that
// it left runs beside the next.
TEST_F(Compare, SurvivesBeingKilledAtAnyPoint) {
  const Arguments begin = two_and({"--rounds=4", "--seed=3"});
  auto delay = 30ms;
  for (int attempt = 0;; ++attempt) {
    ASSERT_LT(attempt, 60);
    const auto text = read_text_file(out() / "journal.jsonl");
    const bool begun = text && text->find('\n') != std::string::npos;
    if (!begun) std::filesystem::remove_all(out());
    Command start = command(begin);
    if (begun) start.argv = {start.argv.front(), "--resume=" + out().string()};
    Subprocess program(start);
    std::this_thread::sleep_for(delay);
    program.kill(SIGKILL);
    const auto result = program.wait(kPatience);
    if (result.signal == 0) {
      EXPECT_EQ(result.exit_code, 0) << result.standard_error;
      break;
    }
    delay += 20ms;
  }
  const auto lines = journal();
  ASSERT_EQ(lines.size(), 1U + 4 * 2);
  std::set<std::pair<int, int>> processes;
  for (std::size_t i = 1; i < lines.size(); ++i) processes.emplace(lines[i]["round"], lines[i]["python"]);
  EXPECT_EQ(processes.size(), 8U);
  EXPECT_EQ(comparison()["rows"][0]["cells"][1]["compared"], 4);
}

TEST_F(Compare, RefusesToGoOnWithSomethingElse) {
  ASSERT_EQ(run(two_and({})).exit_code, 0);
  const auto resume = [&](const Arguments& more) {
    Command again = command({});
    again.argv = {again.argv.front(), "--resume=" + out().string()};
    again.argv.insert(again.argv.end(), more.begin(), more.end());
    return run_subprocess(again, kPatience);
  };
  expect_holds(resume({"--countdown-steps=77"}).standard_error,
               {"--countdown-steps=77", "comparison of its own"});
  expect_holds(resume({"--python=" + kDefault}).standard_error, {"--python=a=", "comparison of its own"});
  expect_holds(resume({"--seed=123"}).standard_error, {"--seed"});
  EXPECT_EQ(resume({"--rounds=4"}).exit_code, 0);  // more of the same is no difference
  EXPECT_EQ(journal().size(), 1U + 4 * 2);
  const auto none = run({"--resume=nowhere"});
  EXPECT_EQ(none.exit_code, 2);
  expect_holds(none.standard_error, {"nowhere", "no comparison to go on with"});
}

TEST_F(Compare, EndsEarlyWhenABudgetIsSpentOrEveryRowIsDecided) {
  const auto scripts = countdown_with(
      "if 'SLOW' in os.environ:\n"
      "    fast, run = run, lambda begin, end: [fast(begin, end) for _ in range(9)][0]\n");
  const auto result = run({"--python=a=" + kDefault, "--python=b=" + kDefault + ",SLOW=1",
                           "--filter=^countdown/python/", "--rounds=3", "--budget=60", scripts});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(comparison()["rows"][0]["cells"][1]["verdict"], "slower");
  EXPECT_LT(journal().size(), 40U);  // nine times slower is seen long before the minute is over
}

TEST_F(Compare, ExitsByFailIf) {
  const auto scripts = countdown_with(
      "if 'SLOW' in os.environ:\n"
      "    fast, run = run, lambda begin, end: [fast(begin, end) for _ in range(9)][0]\n");
  const Arguments arguments{"--python=a=" + kDefault, "--python=b=" + kDefault + ",SLOW=1",
                            "--filter=^countdown/python/", "--rounds=5", scripts};
  Arguments checked = arguments;
  checked.push_back("--fail-if=slower:50%");
  EXPECT_EQ(run(checked).exit_code, 3);
  const Arguments files{"compare", (out() / "b.json").string(), (out() / "a.json").string()};
  Arguments turned = files;
  turned.push_back("--fail-if=slower:50%");
  EXPECT_EQ(run(turned).exit_code, 0);
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
