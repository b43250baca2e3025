// harness/end_to_end/resumption_test.cpp: a comparison that was killed, is gone on with, or whose work is no
// longer what it was.
#include <signal.h>

#include <chrono>
#include <set>
#include <thread>

#include "harness/end_to_end/compare_fixture.h"

namespace harness::compare_test {
namespace {

using namespace std::chrono_literals;

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
  expect_holds(resume({"--no-interleaving"}).standard_error, {"it was begun without --no-interleaving"});
  EXPECT_EQ(resume({"--rounds=2"}).exit_code, 0);  // more of the same is no difference
  EXPECT_EQ(journal().size(), 1U + 2 * 2);
  const auto none = run({"--resume=nowhere"});
  EXPECT_EQ(none.exit_code, 2);
  expect_holds(none.standard_error, {"nowhere", "no comparison to go on with"});
}

TEST_F(Compare, RunsARoundAgainThatWasCutOff) {
  ASSERT_EQ(run(two_and({})).exit_code, 0);
  const std::string text = read_text_file(out() / "journal.jsonl").value();
  const std::size_t last = text.rfind(R"({"round":2)");
  folder().write("out/journal.jsonl", text.substr(0, last));
  EXPECT_EQ(journal().size(), 1U + 2 + 1);
  const auto result = resume();
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(journal().size(), 1U + 2 * 2);
  const std::string after = read_text_file(out() / "journal.jsonl").value();
  expect_holds(after, {R"({"again":2})"});
  EXPECT_EQ(cells().at(1).at("compared"), 2);
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

// The same rounds, reported again, are as sure as they were, and no more.
TEST_F(Compare, ReportsWhatABudgetSawAsItSawIt) {
  ASSERT_EQ(run(two_and({"--rounds=1"})).exit_code, 0);
  plant(kTheSame);
  ASSERT_EQ(resume({"--rounds=3"}).exit_code, 0);
  ASSERT_EQ(resume({"--rounds=5", "--budget=0.000001"}).exit_code, 0);
  EXPECT_EQ(comparison().at("first_round"), 1) << "the budget was spent: the same report";
  ASSERT_EQ(resume({"--rounds=1", "--budget=0.5"}).exit_code, 0);
  const auto before = comparison();
  EXPECT_EQ(before.at("first_round"), 4);
  EXPECT_GT(before.at("cell_confidence").number(), 0.95);
  ASSERT_EQ(resume({"--rounds=4"}).exit_code, 0);
  EXPECT_EQ(comparison().at("cell_confidence"), before.at("cell_confidence"));
  EXPECT_EQ(comparison().at("rows"), before.at("rows"));
}

TEST_F(Compare, GoesOnUntilEveryRowIsDecidedOrABudgetIsSpent) {
  // A process takes longer than all those that are planted, however fast the machine is.
  const std::string scripts = countdown_with("import time\ntime.sleep(0.01)\n");
  ASSERT_EQ(run(two_and({"--rounds=1", scripts})).exit_code, 0);
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
  EXPECT_EQ(journal().size(), 1U + 4 * 2) << "the fourth round was run, and a fifth would be over the budget";
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

// Rounds before and after would be of two things.
TEST_F(Compare, EndsWhereAScriptChanges) {
  const auto scripts = folder().path() / "scripts";
  std::filesystem::copy(HARNESS_SCRIPTS_FOLDER, scripts);
  folder().write("scripts/countdown.py",
                 "with open(__file__, 'a') as file:\n    print('#', file=file)\n"
                 "def run(begin, end):\n    return end - begin\n");
  const std::string python = HARNESS_LIBPYTHON;
  const auto result = run({"--python=a=" + python, "--python=b=" + python, "--filter=countdown/python/",
                           "--scripts=" + scripts.string()});
  EXPECT_EQ(result.exit_code, 2);
  expect_holds(result.standard_error, {(scripts / "countdown.py").string() + " has changed", out().string()});
}

TEST_F(Compare, DoesNotGoOnWhereAModuleHasChanged) {
  const auto module = folder().write("modules/helper.py", "VALUE = 1\n");
  folder().write("scripts/countdown.py",
                 "import os, sys\n"
                 "sys.path.append(os.environ['MODULES'])\n"
                 "import helper\n"
                 "def run(begin, end):\n    return end - begin\n");
  const std::string python = HARNESS_LIBPYTHON;
  const Environment environment{{"MODULES", module.parent_path().string()}};
  const Arguments arguments{"--python=a=" + python, "--python=b=" + python, "--filter=countdown/python/",
                            "--scripts=scripts", "--rounds=1"};
  ASSERT_EQ(run(arguments, environment).exit_code, 0);
  Command again = command({}, environment);
  again.argv = {again.argv.front(), "--resume=" + out().string()};
  EXPECT_EQ(run_subprocess(again, kPatience).exit_code, 0);
  folder().write("modules/helper.py", "VALUE = 2\n");
  const auto resumed = run_subprocess(again, kPatience);
  EXPECT_EQ(resumed.exit_code, 2);
  expect_holds(resumed.standard_error, {module.string() + " has changed since"});
}

TEST_F(Compare, EndsWhereAModuleChanges) {
  const auto module = folder().write("modules/helper.py", "VALUE = 1\n");
  folder().write("scripts/countdown.py",
                 "import os, sys\n"
                 "sys.path.append(os.environ['MODULES'])\n"
                 "import helper\n"
                 "with open(helper.__file__, 'a') as file:\n    print('#', file=file)\n"
                 "def run(begin, end):\n    return end - begin\n");
  const std::string python = HARNESS_LIBPYTHON;
  const auto result = run({"--python=a=" + python, "--python=b=" + python, "--filter=countdown/python/",
                           "--scripts=scripts", "--rounds=1"},
                          {{"MODULES", module.parent_path().string()}});
  EXPECT_EQ(result.exit_code, 2);
  expect_holds(result.standard_error,
               {module.string() + " has changed while the comparison ran, in round 1"});
}

}  // namespace
}  // namespace harness::compare_test
