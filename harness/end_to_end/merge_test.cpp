// harness/end_to_end/merge_test.cpp: a comparison in parts, put together: rounds lost, rounds counted twice,
// two things taken for one.
#include <algorithm>
#include <map>
#include <set>

#include "harness/end_to_end/merge_fixture.h"

namespace harness::compare_test {
namespace {

using namespace std::chrono_literals;

class Merge : public MergeTest {
 protected:
  /// Gives all processes of both parts the rows of one, so that nothing that runs meanwhile makes a
  /// difference.
  void take_the_times_of_one_process() const {
    std::string rows;
    for (const int number : {1, 2}) {
      for (const auto& process : std::filesystem::directory_iterator(part(number) / "processes")) {
        const auto file = process.path() / "rows.json";
        if (rows.empty()) rows = read_text_file(file).value();
        std::ofstream(file, std::ios::binary) << rows;
      }
    }
  }
};

TEST_F(Merge, HasTheRoundsOfTheWholeInTheirOrder) {
  for (const char* const shard : {"1/2", "2/2"}) {
    const auto result = run_part(shard);
    ASSERT_EQ(result.exit_code, 0) << result.standard_error;
    expect_holds(result.standard_output, {"part " + std::string(shard).substr(0, 1) + " of 2 of 4 rounds",
                                          "verdicts come once harness merge has put all parts together"});
  }
  const double seed = journal(part(1)).at(0).at("seed").number();
  EXPECT_EQ(journal(part(2)).at(0).at("seed"), seed) << "nobody told them";
  ASSERT_EQ(
      run(two_and({"--rounds=4", "--seed=" + std::to_string(static_cast<std::uint32_t>(seed))})).exit_code,
      0);
  auto both = processes_of(journal(part(1)));
  EXPECT_EQ(both.size(), 4U);
  const auto second = processes_of(journal(part(2)));
  both.insert(both.end(), second.begin(), second.end());
  std::ranges::stable_sort(both, {}, &std::pair<double, double>::first);
  EXPECT_EQ(both, processes_of(journal()));

  const auto result = merge({"part-1", "part-2", "--out=merged"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  expect_holds(result.standard_output, {"4 rounds on 1 machine", "results: merged"});
  EXPECT_EQ(result.standard_error.find("missing"), std::string::npos);
  EXPECT_EQ(merged().at("rows").at(0).at("cells").at(1).at("compared"), 4);
  EXPECT_EQ(merged().at("rounds"), "4");
  EXPECT_EQ(merged().at("missing_rounds").size(), 0U);
  EXPECT_EQ(files_in(folder().path() / "merged"),
            (std::vector<std::string>{"comparison.csv", "comparison.json", "comparison.md"}));
}

TEST_F(Merge, APartJudgesNothingAndSaysThatItIsOne) {
  ASSERT_EQ(run_part("2/2", {"--format=markdown"}).exit_code, 0);
  const Json part = Json::parse(read_text_file(this->part(2) / "comparison.json").value());
  EXPECT_EQ(part.at("shard").at("part"), 2);
  EXPECT_EQ(part.at("shard").at("parts"), 2);
  EXPECT_EQ(part.at("rounds"), "2");
  EXPECT_EQ(part.at("rows").at(0).at("cells").at(1).at("times_s").size(), 2U);
  EXPECT_FALSE(part.at("rows").at(0).at("cells").at(1).contains("verdict"));
  expect_holds(read_text_file(this->part(2) / "comparison.md").value(), {"part 2 of 2 of 4 rounds"});
}

TEST_F(Merge, OnTwoMachinesSaysOnHowManyAVerdictHolds) {
  ASSERT_EQ(run_part("1/2").exit_code, 0);
  ASSERT_EQ(run_part("2/2").exit_code, 0);
  move_to(2, "node2");
  take_the_times_of_one_process();
  const auto result = merge({"part-1", "part-2", "--out=merged", "--margin=90%", "--confidence=1%"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  expect_holds(result.standard_output, {"4 rounds on 2 machines; intervals are of what",
                                        "machine node2: 2 rounds", "same on 2 of 2 machines"});
  EXPECT_EQ(merged().at("machines").size(), 2U);
  EXPECT_EQ(merged().at("rows").at(0).at("cells").at(1).at("machine_rounds"), Json::parse("[2,2]"));
}

// The page of a merge has what that of an ordinary comparison has: what it was measured on, what was warned
// of, and the command that measures it again.
TEST_F(Merge, IsReportedWithItsWarningsItsContextAndThePartsCommand) {
  for (const char* const shard : {"1/3", "2/3"}) ASSERT_EQ(run_part(shard).exit_code, 0);
  move_to(2, "node2");
  for (const auto& process : std::filesystem::directory_iterator(part(2) / "processes")) {
    std::string text = read_text_file(process.path() / "rows.json").value();
    for (const auto& [key, more] :
         {std::pair<std::string, std::string>{R"("context":{)", R"("warning_99":"hot: 99",)"},
          {R"("kernel":")", "another "}})
      text.insert(text.find(key) + key.size(), more);
    std::ofstream(process.path() / "rows.json", std::ios::binary) << text;
  }
  ASSERT_EQ(merge({"part-1", "part-2", "--out=merged"}).exit_code, 0);
  EXPECT_EQ(merged().at("context_differs").at("kernel").size(), 2U);
  expect_holds(
      read_text_file(folder().path() / "merged/comparison.md").value_or(""),
      {"- interpreter a: `CPython ", "- interpreter b: `CPython ", "- machine: `", "- program: `harness ",
       "- command: `", "- command of a part: `", "- machine node2: 1 round",
       "- warning: part 3 of 3 is not there: round 3 is missing\n", "- warning: in 2 of 6 processes: hot\n"});
  Command command = this->command({});
  command.argv = {command.argv.front(), "report", "merged", "--out=page.json"};
  const auto result = run_subprocess(command, kPatience);
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const Json page = Json::parse(read_text_file(folder().path() / "page.json").value()).at("parts").at(0);
  const auto texts = [](const Json& list) {
    std::string all;
    for (const Json& one : list.elements()) all += one.text() + "\n";
    return all;
  };
  const Json& document = page.at("document");
  expect_holds(texts(document.at("warnings")),
               {"part 3 of 3 is not there: round 3 is missing\n", "in 2 of 6 processes: hot\n"});
  expect_holds(texts(document.at("notes")),
               {"another kernel: another ", "on node2", "machine node2: 1 round"});
  std::set<std::string> facts;
  for (const Json& fact : document.at("facts").elements()) facts.insert(fact.at(0).text());
  for (const char* const fact : {"seed", "cpu_model", "harness_version", "part_command_line"})
    EXPECT_TRUE(facts.contains(fact)) << fact;
  for (const char* const fact : {"kernel", "date", "row_order"}) EXPECT_FALSE(facts.contains(fact)) << fact;
  expect_holds(page.at("command").text(),
               {"--filter=", "--rounds=4", "--shard=1/3",
                "\n# and so each part from --shard=1/3 to --shard=3/3", "merge part-1 part-2 --out=merged"});
}

TEST_F(Merge, SaysWhatIsMissingAndMergesTheRest) {
  ASSERT_EQ(run_part("1/2").exit_code, 0);
  const auto one = merge({"part-1", "--out=merged"});
  EXPECT_EQ(one.exit_code, 0);
  expect_holds(one.standard_error, {"warning: part 2 of 2 is not there: rounds 2 and 4 are missing"});
  expect_holds(one.standard_output, {"2 of 4 rounds on 1 machine"});
  EXPECT_EQ(merged().at("rows").at(0).at("cells").at(1).at("compared"), 2);
  EXPECT_EQ(merged().at("missing_rounds"), Json::parse("[2,4]"));
  // The last process of round 3 was cut off.
  const std::string text = journal_text(1);
  folder().write("part-1/journal.jsonl", text.substr(0, text.size() - 5));
  const auto cut = merge({"part-1", "--out=merged"});
  EXPECT_EQ(cut.exit_code, 0) << cut.standard_error;
  expect_holds(cut.standard_error, {"part 1 of 2 (part-1) is not finished: round 3 is missing"});
  EXPECT_EQ(merged().at("rows").at(0).at("cells").at(0).at("times_s").size(), 1U);
}

// A CI job three of whose four parts have vanished is not green.
TEST_F(Merge, CannotTellWhetherAnythingIsSlowerWhereRoundsAreMissing) {
  for (const int number : {1, 2}) {
    ASSERT_EQ(run_part(std::to_string(number) + "/2").exit_code, 0);
    // Both interpreters of a round took the same time.
    std::map<std::string, std::filesystem::path> first_of_round;
    for (const auto& process : std::filesystem::directory_iterator(part(number) / "processes")) {
      const auto rows = process.path() / "rows.json";
      const auto [first, is_first] =
          first_of_round.emplace(process.path().filename().string().substr(0, 4), rows);
      if (is_first) continue;
      std::filesystem::copy_file(first->second, rows, std::filesystem::copy_options::overwrite_existing);
    }
  }
  const auto one = merge({"part-1", "--fail-if=slower:5%", "--out=merged"});
  EXPECT_EQ(one.exit_code, 4) << one.standard_error;
  expect_holds(one.standard_error, {"part 2 of 2 is not there"});
  EXPECT_EQ(merge({"part-1", "part-2", "--fail-if=slower:5%", "--out=merged"}).exit_code, 0);
}

TEST_F(Merge, CountsNothingTwice) {
  ASSERT_EQ(run_part("1/2").exit_code, 0);
  ASSERT_EQ(run_part("2/2").exit_code, 0);
  std::filesystem::copy(part(1), folder().path() / "copy", std::filesystem::copy_options::recursive);
  for (const char* const again : {"part-1", "copy"}) {
    const auto result = merge({"part-1", "part-2", again, "--out=merged"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.standard_error,
              "harness: " + std::string(again) + ": it is part 1 of 2, as part-1 is; give each part once\n");
  }
  EXPECT_FALSE(std::filesystem::exists(folder().path() / "merged"));
  // The same round in two parts.
  std::string text = journal_text(2);
  text.replace(text.find(R"({"round":2)"), 10, R"({"round":3)");
  folder().write("part-2/journal.jsonl", text);
  const auto result = merge({"part-1", "part-2", "--out=merged"});
  EXPECT_EQ(result.exit_code, 2);
  expect_holds(result.standard_error, {"part-2/journal.jsonl: round 3 in it is none of part 2/2"});
}

TEST_F(Merge, RefusesAnotherComparisonAndAnotherProgram) {
  ASSERT_EQ(run_part("1/2").exit_code, 0);
  ASSERT_EQ(run_part("2/2", {"--sum-n=7"}).exit_code, 0);
  const auto refused = [&](const std::string& why) {
    const auto result = merge({"part-1", "part-2", "--out=merged"});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(count_of(result.standard_error, "\n"), 1U);
    expect_holds(result.standard_error,
                 {"part-2: it is no part of the comparison of which part-1 is one: ", why});
    EXPECT_FALSE(std::filesystem::exists(folder().path() / "merged"));
  };
  refused("--sum-n=7");
  std::filesystem::remove_all(part(2));
  ASSERT_EQ(run_part("2/2", {"--seed=77"}).exit_code, 0);
  refused("its seed is 77");
  std::filesystem::remove_all(part(2));
  ASSERT_EQ(run_part("2/2").exit_code, 0);
  std::string text = journal_text(2);
  const std::size_t program = text.find(R"("program_sha256":")") + 18;
  text.replace(program, 64, std::string(64, '0'));
  folder().write("part-2/journal.jsonl", text);
  refused("another build of this program ran it");
}

// The clock of part 2's machine is an hour and more slow: its files say so, and what is made of them does
// not.
TEST_F(Merge, IsTheSameWhateverTheClocksSay) {
  ASSERT_EQ(run_part("1/2").exit_code, 0);
  ASSERT_EQ(run_part("2/2").exit_code, 0);
  for (const int number : {1, 2}) {  // so that the results are read, which have the date
    for (const auto& process : std::filesystem::directory_iterator(part(number) / "processes"))
      std::filesystem::remove(process.path() / "rows.json");
  }
  const auto files = [&](const Arguments& words) {
    EXPECT_EQ(merge(words).exit_code, 0);
    std::string all;
    for (const char* const name : {"comparison.csv", "comparison.json", "comparison.md"}) {
      const std::string text = read_text_file(folder().path() / "merged" / name).value_or("");
      const std::size_t line = std::min(text.find("\"command_line\""), text.find("- command:"));
      all += line == std::string::npos ? text : text.substr(0, line) + text.substr(text.find('\n', line));
    }
    std::filesystem::remove_all(folder().path() / "merged");
    return all;
  };
  const std::string before = files({"part-1", "part-2", "--out=merged"});
  std::size_t dates = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(part(2))) {
    if (!entry.is_regular_file()) continue;
    std::string text = read_text_file(entry.path()).value();
    if (const std::size_t date = text.find(R"("date": ")"); date != std::string::npos) {
      text.replace(date + 9, 13, "2001-01-01T00");
      std::ofstream(entry.path(), std::ios::binary) << text;
      ++dates;
    }
    std::filesystem::last_write_time(entry, std::filesystem::file_time_type::clock::now() - 1h);
  }
  EXPECT_GE(dates, 4U);
  EXPECT_EQ(files({"part-1", "part-2", "--out=merged"}), before);
  EXPECT_EQ(files({"part-2", "part-1", "--out=merged"}), before);
}

// What a part keeps for the merge is read instead of results, and says the same.
TEST_F(Merge, IsTheSameOutOfTheResultsThemselves) {
  ASSERT_EQ(run_part("1/2", {"--repetitions=3"}).exit_code, 0);
  ASSERT_EQ(run_part("2/2", {"--repetitions=3"}).exit_code, 0);
  const auto json = [&] {
    EXPECT_EQ(merge({"part-1", "part-2", "--out=merged"}).exit_code, 0);
    return read_text_file(folder().path() / "merged/comparison.json").value();
  };
  const std::string before = json();
  int kept = 0;
  for (const int number : {1, 2}) {
    for (const auto& process : std::filesystem::directory_iterator(part(number) / "processes"))
      kept += std::filesystem::remove(process.path() / "rows.json") ? 1 : 0;
  }
  EXPECT_EQ(kept, 8);
  EXPECT_EQ(json(), before);
}

}  // namespace
}  // namespace harness::compare_test
