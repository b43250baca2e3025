// harness/end_to_end/merge_parts_test.cpp: a part that is gone on with, and what is no part.
#include <signal.h>

#include <set>
#include <thread>

#include "harness/end_to_end/merge_fixture.h"

namespace harness::compare_test {
namespace {

using namespace std::chrono_literals;

class Part : public MergeTest {};

TEST_F(Part, APartIsGoneOnWithAfterAKill) {
  const Arguments flags = two_and({"--rounds=6", "--shard=2/2", "--out=part-2"});
  Subprocess program(command(flags));
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (journal(part(2)).size() < 3 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(1ms);
  program.kill(SIGKILL);
  program.wait(kPatience);
  const auto before = journal(part(2));
  ASSERT_GE(before.size(), 3U);
  Command again = command({});
  again.argv = {again.argv.front(), "--resume=part-2"};
  const auto result = run_subprocess(again, kPatience);
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const auto after = journal(part(2));
  ASSERT_EQ(after.size(), 1U + 3 * 2);
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(after[i], before[i]);
  std::set<double> rounds;
  for (const auto& [round, python] : processes_of(after)) rounds.insert(round);
  EXPECT_EQ(rounds, (std::set<double>{2, 4, 6}));
}

// Slurm signals all processes of a task, the child perhaps first. That is no failure of the child's.
TEST_F(Part, AProcessThatIsKilledBeforeItsPartIsHasNotFailed) {
  const auto scripts = countdown_with(
      "if os.path.exists('stop'):\n"
      "    open('started', 'w').close()\n"
      "    while True: pass\n");
  folder().write("stop", "");
  Subprocess program(command(two_and({"--shard=1/2", scripts})));
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!std::filesystem::exists(folder().path() / "started") && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(10ms);
  const std::string pid = std::to_string(program.pid());
  pid_t child = 0;
  std::ifstream("/proc/" + pid + "/task/" + pid + "/children") >> child;
  ASSERT_GT(child, 0);
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  std::this_thread::sleep_for(100ms);
  program.kill(SIGTERM);
  EXPECT_EQ(program.wait(kPatience).exit_code, 143);
  EXPECT_EQ(journal().size(), 1U) << "no process is kept";
  std::filesystem::remove(folder().path() / "stop");
  const auto result = resume();
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(journal().size(), 1U + 2);
}

// A pair of processes on two machines would compare machines.
TEST_F(Part, ARoundThatAnotherMachineHasBegunIsRunAgain) {
  ASSERT_EQ(run_part("1/2").exit_code, 0);
  move_to(1, "elsewhere");
  std::string text = journal_text(1);
  text.resize(text.rfind('\n', text.size() - 2) + 1);  // without the last process of round 3
  folder().write("part-1/journal.jsonl", text);
  Command again = command({});
  again.argv = {again.argv.front(), "--resume=part-1"};
  const auto result = run_subprocess(again, kPatience);
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const std::string after = journal_text(1);
  expect_holds(after, {R"({"again":3})"});
  EXPECT_EQ(count_of(after, R"({"round":3)"), 3U) << "the one that does not count, and a pair";
  EXPECT_EQ(count_of(after, R"({"round":1)"), 2U);
  ASSERT_EQ(merge({"part-1", "--out=merged"}).exit_code, 0);
  EXPECT_EQ(merged().at("machines").size(), 2U);
  EXPECT_EQ(merged().at("machines").at(0).at("name"), "elsewhere");
  EXPECT_EQ(merged().at("rows").at(0).at("cells").at(1).at("machine_rounds"), Json::parse("[1,1]"));
  EXPECT_EQ(merged().at("rows").at(0).at("cells").at(0).at("times_s").size(), 2U);
}

TEST_F(Part, APartIsNotGoneOnWithAsAnother) {
  ASSERT_EQ(run_part("1/2").exit_code, 0);
  const auto refused = [&](const std::string& flag, const std::vector<std::string>& parts) {
    Command again = command({});
    again.argv = {again.argv.front(), "--resume=part-1", flag};
    const auto result = run_subprocess(again, kPatience);
    EXPECT_EQ(result.exit_code, 2) << flag;
    expect_holds(result.standard_error, parts);
  };
  refused("--shard=2/2", {"it was begun with --shard=1/2 and --rounds=4"});
  refused("--rounds=8", {"it was begun with --shard=1/2 and --rounds=4"});
  refused("--budget=5", {"--shard=1/2", "leave --budget out"});
  ASSERT_EQ(run(two_and({"--rounds=2"})).exit_code, 0);
  const auto whole = resume({"--shard=1/2"});
  EXPECT_EQ(whole.exit_code, 2);
  expect_holds(whole.standard_error, {"it was begun without --shard"});
}

TEST_F(Part, RefusesWrongFlagsBeforeAnythingIsWritten) {
  for (const char* const shard : {"0/2", "3/2", "2", "/2", "1/", "1/2/3", "x/y", "1/100001"}) {
    expect_refused(run(two_and({"--shard=" + std::string(shard)})),
                   {"--shard=" + std::string(shard), "give I/N for part I of N"});
  }
  expect_refused(run(two_and({"--shard=1/2", "--budget=9"})), {"--shard=1/2", "leave --budget out"});
  expect_refused(run(two_and({"--shard=1/3"})), {"--shard=1/3", "--rounds=2"});
  for (const char* const flag : {"--margin=2%", "--confidence=90%", "--fail-if=slower:5%"})
    expect_refused(run(two_and({"--shard=1/2", flag})), {"no verdicts", "harness merge"});
  expect_refused(run({"--python=" + kDefault, "--shard=1/2"}), {"--shard", "several --python"});
}

TEST_F(Part, RefusesWhatIsNoPart) {
  ASSERT_EQ(run(two_and({})).exit_code, 0);
  const auto refused = [&](const Arguments& words, const std::vector<std::string>& parts) {
    const auto result = merge(words);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.standard_output, "");
    expect_holds(result.standard_error, parts);
  };
  refused({"out"}, {"out: it is a whole comparison, and no part of one (--shard)"});
  refused({"nowhere"}, {"nowhere/journal.jsonl: it cannot be read; give the folder of a comparison"});
  refused({}, {"DIR is required"});
  refused({"part-1", "--rounds=3"}, {"--rounds: harness merge reads"});
  refused({"part-1", "--python=3.11"}, {"--python: harness merge reads"});
  ASSERT_EQ(run_part("1/2").exit_code, 0);
  refused({"part-1", "--out=part-1"}, {"--out=part-1: it is the folder of a part"});
  const std::string text = journal_text(1);
  folder().write("part-1/journal.jsonl", text.substr(0, text.find('\n') + 1));
  refused({"part-1"}, {"no part has finished a round yet"});
}

}  // namespace
}  // namespace harness::compare_test
