// harness/compare/comparison_document_test.cpp: a table that hides a failure, an exit status that says the
// wrong thing.
#include "harness/compare/comparison_document.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/compare/comparison_json.h"
#include "harness/compare/test_subjects.h"
#include "harness/report/console_text.h"
#include "harness/report/csv.h"
#include "harness/report/markdown.h"
#include "harness/report/terminal.h"
#include "harness/row/test_rows.h"
#include "harness/testing/assertions.h"

namespace harness {
namespace {

std::string shown(const Comparison& comparison, bool color = false,
                  const FindTraits& find_traits = knows_none) {
  return console_text(comparison_document(comparison, find_traits), {.width = 100, .color = color});
}

Comparison two(const std::vector<double>& a, const std::vector<double>& b) {
  return compare_paired({subject_of("3.11", a), subject_of("3.13", b)}, CompareSettings{});
}

TEST(ComparisonDocument, ShowsTimeRatioIntervalAndVerdict) {
  const std::string text = shown(two({0.1, 0.1, 0.1}, {0.2, 0.201, 0.199}));
  EXPECT_TRUE(contains(text, "countdown\n")) << text;
  EXPECT_TRUE(contains(text, "python/threads:1  100 ms  200 ms  2.000 [1.975, 2.025]  slower")) << text;
  EXPECT_TRUE(contains(text, "3.13 against 3.11: 1 slower")) << text;
  EXPECT_TRUE(contains(text, "3 rounds")) << text;
}

TEST(ComparisonDocument, SaysWhichRowsAreOpenAndAboutHowManyRoundsTheyNeed) {
  const std::string text = shown(two({1, 1, 1, 1}, {1.1, 0.9, 1.2, 0.95}));
  EXPECT_TRUE(contains(text, "inconclusive")) << text;
  EXPECT_TRUE(contains(text, "open: countdown/python/threads:1 on 3.13; about ")) << text;
  EXPECT_TRUE(contains(text, " further rounds would decide it")) << text;
}

TEST(ComparisonDocument, ShowsEveryInterpreterInBands) {
  std::vector<Subject> subjects;
  for (char label = 'a'; label < 'j'; ++label) subjects.push_back(subject_of(std::string(3, label), {1, 1}));
  const std::string text = shown(compare_paired(subjects, CompareSettings{}));
  for (char label = 'a'; label < 'j'; ++label) EXPECT_TRUE(contains(text, std::string(3, label))) << text;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(columns_of(line), 100U) << line;
}

/// Subjects with these labels, which run two workloads and gain by native code and a second thread.
Comparison of_two_workloads(const std::vector<std::string>& labels) {
  std::vector<Subject> subjects;
  for (const std::string& label : labels) {
    subjects.push_back(subject_of(label, {0.1, 0.1, 0.1}));
    for (Process& process : subjects.back().processes) {
      process.rows.front().traits.baseline = true;
      process.rows.push_back(timed_row("countdown/native/threads:1", 0.01));
      process.rows.push_back(timed_row("countdown/native/threads:2", 0.005));
      process.rows.push_back(timed_row("sum/native/threads:1", 0.01));
      process.rows.push_back(timed_row("sum/native/threads:2", 0.005));
    }
  }
  return compare_paired(subjects, CompareSettings{});
}

std::vector<std::string> lines_with(const std::string& text, const std::string& word) {
  std::vector<std::string> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (contains(line, word) && !contains(line, " against ")) found.push_back(line);
  }
  return found;
}

TEST(ComparisonDocument, HasTheLabelsOnceWhereTheirColumnsFit) {
  const Document document = comparison_document(of_two_workloads({"first", "other"}), knows_none);
  const std::string text = console_text(document, {.width = 100});
  EXPECT_EQ(lines_with(text, "other").size(), 1U) << text;
  EXPECT_TRUE(text.starts_with("\n                    first                other\ncountdown\n")) << text;
  EXPECT_TRUE(contains(text, "\n  native/threads:2  2.00 × [2.00, 2.00]  2.00 × [2.00, 2.00]\n")) << text;
}

TEST(ComparisonDocument, HasTheLabelsOnceABandAndWorkloadWhereTheyDoNot) {
  const std::vector<std::string> labels{"first", "other", "third", "fourth"};
  const Document document = comparison_document(of_two_workloads(labels), knows_none);
  EXPECT_EQ(lines_with(console_text(document, {.width = 160}), "fourth").size(), 1U);
  for (const std::size_t width : {100U, 120U}) {
    const std::string text = console_text(document, {.width = width});
    for (std::size_t i = 1; i < labels.size(); ++i)
      EXPECT_EQ(lines_with(text, labels[i]).size(), 2U) << labels[i] << text;
    for (const std::string& line : lines_with(text, " ")) EXPECT_LE(columns_of(line), width) << line;
  }
  const std::string narrow = console_text(document, {.width = 75});
  EXPECT_EQ(lines_with(narrow, "third").size(), 4U) << "the times' and the gains'" << narrow;
  for (const std::string& line : lines_with(narrow, "threads")) EXPECT_LE(columns_of(line), 75U) << line;
}

TEST(ComparisonDocument, SaysWhatTheGilDidWhereThreadsWaitedAndTheSameOnce) {
  std::vector<Subject> subjects;
  for (const auto& [label, wait] : {std::pair("a", 0.5), {"b", 0.0}, {"c", 0.5}, {"d", 0.25}}) {
    Subject subject = subject_of(label, {1}, "countdown/python_threads/threads:2");
    subject.processes[0].rows[0].counters = {{"gil_wait_share", wait}, {"gil_switches", 7}};
    subject.processes[0].rows.push_back(timed_row("countdown/python/threads:1", 1));
    subject.processes[0].rows[1].counters = {{"gil_wait_share", 0}, {"gil_held_share", 0.999}};
    subjects.push_back(subject);
  }
  const std::string text = shown(compare_paired(subjects, CompareSettings{}));
  EXPECT_TRUE(contains(text,
                       "  meanwhile\n"
                       "  python_threads/threads:2  a, c  GIL wait 50.0 %, 7 switches\n"
                       "                            d     GIL wait 25.0 %, 7 switches\n"))
      << text;
  EXPECT_FALSE(contains(text, "GIL held")) << text;
  for (Subject& subject : subjects) subject.processes[0].rows[0].counters["gil_wait_share"] = 0.5;
  const Document same = comparison_document(compare_paired(subjects, CompareSettings{}), knows_none);
  EXPECT_TRUE(contains(console_text(same, {.width = 50}),
                       "  meanwhile\n"
                       "  python_threads/threads:2\n"
                       "                  all  GIL wait 50.0 %, 7 switches\n"))
      << console_text(same, {.width = 50});
  EXPECT_FALSE(contains(shown(two({1}, {1})), "meanwhile"));
}

TEST(ComparisonDocument, SaysWhatFailedOnceForAllItsRows) {
  Subject b = subject_of("b", {});
  b.processes.push_back({.round = 1, .failure = "crashed (SIGSEGV)", .rows = {}});
  Subject a = subject_of("a", {1});
  a.processes[0].rows.push_back(timed_row("countdown/native/threads:1", 1));
  a.processes[0].rows.push_back(timed_row("countdown/openmp/threads:1", 1));
  const std::string text = shown(compare_paired({a, b}, CompareSettings{}));
  EXPECT_TRUE(contains(text, "failed")) << text;
  EXPECT_TRUE(contains(text, "b, 3 rows: crashed (SIGSEGV)\n")) << text;
}

TEST(ComparisonDocument, ShowsWhatRowsAreComparedByWhereThatIsNotTheirTime) {
  const auto overlap = [](const std::string& label, double share) {
    Subject subject = subject_of(label, {0.2, 0.2}, "gil/overlap/held/threads:2");
    for (Process& process : subject.processes) process.rows[0].counters["python_share_of_alone"] = share;
    return subject;
  };
  const Comparison comparison = compare_paired({overlap("3.14", 0), overlap("3.14t", 0.97)}, {});
  const std::string text = shown(comparison);
  EXPECT_TRUE(contains(text, "overlap/held/threads:2  0.00 %  97.0 %  +97.0 points [+97.0, +97.0]  faster"))
      << text;
  EXPECT_TRUE(contains(text, "compared by python_share_of_alone, of which more is better: gil/overlap\n"))
      << text;
  EXPECT_TRUE(contains(text, "what rows are compared by, and its ratio or difference to 3.14's")) << text;
  const auto row = nlohmann::json::parse(comparison_json(comparison, {}))["rows"][0];
  EXPECT_EQ(row["compared_by"], "python_share_of_alone");
  EXPECT_EQ(row["better"], "higher");
  EXPECT_EQ(row["cells"][1]["difference"], 0.97);
  EXPECT_EQ(row["cells"][0]["values"], (nlohmann::json{0.0, 0.0}));
  EXPECT_FALSE(row["cells"][1].contains("ratio"));
}

TEST(ComparisonDocument, SaysOnWhichInterpretersAWayPays) {
  const auto pays = [](const std::string& label, const std::string& counter, double ns) {
    Subject subject = subject_of(label, {3, 3}, "start/break_even/python_threads");
    for (Process& process : subject.processes) process.rows[0].counters[counter] = ns;
    return subject;
  };
  const Comparison comparison =
      compare_paired({pays("3.14", "no_break_even_ns", 2e7), pays("3.14t", "break_even_ns", 6'000),
                      pays("3.15t", "break_even_ns", 5'500)},
                     {});
  const std::string text =
      shown(comparison, false, [](const RowId&) { return Traits{.worker = "a thread"}; });
  EXPECT_TRUE(contains(text, "A thread pays from 6.00 µs a task on 3.14t, 5.50 µs on 3.15t.\n")) << text;
  EXPECT_TRUE(contains(text, "3.14, start/break_even/python_threads: does not pay up to 20.0 ms a task"))
      << text;
}

/// A comparison of rounds of start/break_even/processes/start:fork; of those with 0 none was found.
Comparison break_evens(const std::vector<double>& a_us, const std::vector<double>& b_us) {
  const auto of = [](const std::string& label, const std::vector<double>& us) {
    Subject subject =
        subject_of(label, std::vector<double>(us.size(), 3.0), "start/break_even/processes/start:fork");
    for (std::size_t i = 0; i < us.size(); ++i) {
      Counters& counters = subject.processes[i].rows[0].counters;
      us[i] > 0 ? counters["break_even_ns"] = 1e3 * us[i] : counters["no_break_even_ns"] = 2e7;
    }
    return subject;
  };
  return compare_paired({of("a", a_us), of("b", b_us)}, {});
}

TEST(ComparisonDocument, KeepsABreakEvenThatWasNotFoundInOneRound) {
  const Comparison comparison =
      break_evens({100, 100, 100, 100, 100, 100, 0, 100, 100, 100}, {0, 50, 50, 50, 50, 50, 50, 50, 50, 50});
  const auto forks = [](const RowId&) { return Traits{.worker = "a process"}; };
  const std::string text = shown(comparison, false, forks);
  EXPECT_TRUE(
      contains(text, "break_even/processes/start:fork  100 µs  50.0 µs  0.500 [0.500, 0.500]  faster"))
      << text;
  EXPECT_TRUE(
      contains(text,
               "A process (fork) pays from 100 µs a task on a (no break-even in 1 of 10 rounds), 50.0 "
               "µs on b (no\n  break-even in 1 of 10 rounds).\n"))
      << text;
  EXPECT_TRUE(contains(text,
                       "b, start/break_even/processes/start:fork: no break-even in 1 of 10 rounds; its "
                       "value and its ratio\nare of the others\n"))
      << text;
  const Cell& b = comparison.rows[0].cells[1];
  EXPECT_EQ(b.compared, 8U) << "rounds in which both have a value";
  EXPECT_EQ(b.outcome, Outcome::ok);
  const std::string json = comparison_json(comparison, {});
  EXPECT_EQ(nlohmann::json::parse(json)["rows"][0]["cells"][1]["no_break_even_processes"], 1);
  EXPECT_EQ(shown(stored_comparison_of(json, "comparison.json").comparison, false, forks), text);
  const std::string csv = csv_text(comparison_data(comparison));
  EXPECT_TRUE(contains(csv, ",no_break_even_processes,")) << csv;
}

TEST(ComparisonDocument, SaysThatAWayDoesNotPayWhereMostRoundsFoundNoBreakEven) {
  const std::string text = shown(break_evens({100, 100, 100, 100, 100}, {50, 0, 0, 50, 0}));
  EXPECT_TRUE(contains(text,
                       "b, start/break_even/processes/start:fork: does not pay up to 20.0 ms a task (3 of 5 "
                       "processes)\n"))
      << text;
  EXPECT_FALSE(contains(text, "on b")) << text;
  const std::string half = shown(break_evens({100, 100}, {50, 0}));
  EXPECT_TRUE(contains(half, "no break-even in 1 of 2 rounds")) << half;
}

TEST(ComparisonDocument, ComparesNoTimesOfSearchesThatFoundNothing) {
  const Comparison comparison = break_evens({0, 0}, {0, 0});
  EXPECT_EQ(comparison.rows[0].measure.key, "break_even_ns");
  EXPECT_FALSE(comparison.rows[0].cells[1].verdict);
  EXPECT_FALSE(contains(shown(comparison), "3.00 s"));
}

TEST(ComparisonDocument, HasATableOfEachColumnThatIsChosen) {
  Subject a = subject_of("a", {0.1, 0.1, 0.1}), b = subject_of("b", {0.2, 0.201, 0.199});
  for (Process& process : b.processes) process.rows[0].counters["gil_wait_share"] = 0.5;
  const Document document =
      comparison_document(compare_paired({a, b}, {}), knows_none,
                          {"verdict", "time_s", "gil_wait_share", "ratio_low", "pair_ns"});
  const std::string text = console_text(document, {.width = 100});
  EXPECT_TRUE(contains(text,
                       "\n"
                       "                    a       b\n"
                       "countdown\n"
                       "  verdict\n"
                       "  python/threads:1          slower\n"
                       "\n"
                       "  time_s\n"
                       "  python/threads:1  100 ms  200 ms\n"
                       "\n"
                       "  gil_wait_share\n"
                       "  python/threads:1          50.0 %\n"))
      << text;
  EXPECT_TRUE(contains(text, "--columns: no row has pair_ns\n")) << text;
  EXPECT_FALSE(contains(text, "meanwhile")) << text;
  EXPECT_TRUE(contains(markdown_text(document), "| gil_wait_share | a | b |\n")) << markdown_text(document);
}

TEST(ComparisonDocument, RefusesColumnsThatNoComparisonHas) {
  const auto refusal = [](const std::string& name) {
    return error_of([&] { check_comparison_columns({"time_s", name}, kept_counters({"steps"})); });
  };
  for (const std::string name : {"real_time", "cv", "name", "gil_longest_hold_ns"}) {
    const std::string why = refusal(name);
    EXPECT_TRUE(contains(why, "--columns: a comparison has no '" + name + "'; give ")) << why;
  }
  for (const std::string name : {"ratio", "failure", "steps", "gil_switches", "machines"}) {
    EXPECT_EQ(refusal(name), "");
  }
}

TEST(ComparisonDocument, HasTheGilBesideIt) {
  Subject a = subject_of("a", {1});
  a.processes[0].rows[0].counters = {{"gil_held_share", 0.999}, {"gil_switches", 61}};
  EXPECT_TRUE(contains(shown(compare_paired({a}, CompareSettings{})), "GIL held 99.9 %, 61 switches"));
  a.processes[0].rows[0].counters["gil_switches"] = 1;
  EXPECT_TRUE(contains(shown(compare_paired({a}, CompareSettings{})), "GIL held 99.9 %, 1 switch"));
  EXPECT_FALSE(contains(shown(compare_paired({a}, CompareSettings{})), "1 switches"));
}

TEST(ComparisonDocument, IsPaintedOnlyWhereWanted) {
  const Comparison comparison = two({1, 1}, {2, 2});
  EXPECT_FALSE(contains(shown(comparison), "\033"));
  EXPECT_TRUE(contains(shown(comparison, true), "\033[31mslower\033[0m"));
}

TEST(ComparisonDocument, IsATableAWorkloadInMarkdown) {
  const std::string text =
      markdown_text(comparison_document(two({0.1, 0.1, 0.1}, {0.2, 0.201, 0.199}), knows_none));
  EXPECT_TRUE(contains(text, "### countdown\n\n|  | 3.11 | 3.13 |  |  |\n| --- | --- | --- | --- | --- |\n"))
      << text;
  EXPECT_TRUE(contains(text, "| python/threads:1 | 100 ms | 200 ms | 2.000 [1.975, 2.025] | **slower** |\n"))
      << text;
}

TEST(ComparisonDocument, DoesNotLetAFailureEndItsCell) {
  Subject b = subject_of("b", {});
  b.processes.push_back({.round = 1, .failure = "a|b", .rows = {}});
  EXPECT_TRUE(contains(markdown_text(comparison_document(
                           compare_paired({subject_of("a", {1}), b}, CompareSettings{}), knows_none)),
                       "a\\|b"));
}

TEST(ComparisonDocument, ShowsWhatEachGains) {
  const auto gaining = [](const std::string& label, const std::vector<double>& times) {
    Subject subject = subject_of(label, times);
    for (Process& process : subject.processes) {
      process.rows.front().traits.baseline = true;
      for (const auto& [name, gain] : {std::pair("native/threads:1", 40.0), {"native/threads:2", 80.0}})
        process.rows.push_back(
            timed_row("countdown/" + std::string(name), process.rows.front().median_s() / gain));
    }
    return subject;
  };
  const std::string text = shown(compare_paired({gaining("a", {1, 1}), gaining("b", {2})}, {}));
  EXPECT_TRUE(contains(text,
                       "\n  times faster than its own one thread\n"
                       "  native/threads:2  2.00 × [2.00, 2.00]  2.00 ×\n"))
      << text;
  EXPECT_TRUE(contains(text,
                       "\n  times faster than plain Python\n"
                       "  native/threads:1  40.0 × [40.0, 40.0]  40.0 ×\n"))
      << text;
  EXPECT_TRUE(contains(text, "times faster [95 % sure of all these together]\n")) << text;
}

TEST(ComparisonData, LeavesEmptyWhatACellHasNot) {
  const std::string csv = csv_text(comparison_data(two({1, 1}, {2, 2})));
  EXPECT_TRUE(contains(csv, "countdown/python/threads:1,3.11,2,1,,,,,,,,,,,,,time_s,lower,1,,,,\n")) << csv;
  EXPECT_TRUE(contains(csv, "countdown/python/threads:1,3.13,2,2,2,2,2,slower,2,,,,,,,,time_s,lower,2,,,,\n"))
      << csv;
}

TEST(ComparisonJson, LeavesOutWhatACellHasNot) {
  const auto json = nlohmann::json::parse(comparison_json(two({1, 1}, {2, 2}), {{"seed", "7"}}));
  EXPECT_EQ(json["seed"], "7");
  EXPECT_EQ(json["labels"], (nlohmann::json{"3.11", "3.13"}));
  const auto& cells = json["rows"][0]["cells"];
  EXPECT_FALSE(cells[0].contains("ratio"));
  EXPECT_EQ(cells[1]["verdict"], "slower");
  EXPECT_EQ(cells[1]["ratio"], 2);
  EXPECT_FALSE(cells[1].contains("failure"));
}

TEST(FailIfStatus, IsThreeForARegressionShownAndFourForOneThatMayBe) {
  EXPECT_EQ(fail_if_status(two({1, 1, 1}, {1.1, 1.101, 1.099}), 0.05), 3);
  EXPECT_EQ(fail_if_status(two({1, 1, 1}, {1.04, 1.041, 1.039}), 0.05), 0);  // slower, but by less
  EXPECT_EQ(fail_if_status(two({1, 1, 1}, {1.2, 0.9, 1.1}), 0.05), 4);
  EXPECT_EQ(fail_if_status(two({1, 1, 1}, {0.5, 0.5, 0.5}), 0.05), 0);
  EXPECT_EQ(fail_if_status(two({1}, {1}), 0.05), 4);  // one round tells nothing
}

TEST(FailIfStatus, IsFourWhereARowIsGoneOrNothingIsCompared) {
  EXPECT_EQ(fail_if_status(two({1, 1, 1}, {}), 0.05), 4);
  EXPECT_EQ(fail_if_status(two({}, {}), 0.05), 4);
  EXPECT_EQ(fail_if_status({}, 0.05), 4);
  Comparison one_gone = two({1, 1, 1}, {1, 1, 1});
  one_gone.rows.push_back(two({1, 1, 1}, {}).rows.front());
  EXPECT_EQ(fail_if_status(one_gone, 0.05), 4);
  Comparison one_new = two({1, 1, 1}, {1, 1, 1});
  one_new.rows.push_back(two({}, {1, 1, 1}).rows.front());
  EXPECT_EQ(fail_if_status(one_new, 0.05), 0);
  Comparison no_number = two({1, 1, 1}, {1, 1, 1});
  no_number.rows.front().cells[1].effect_interval = Interval{std::nan(""), std::nan("")};
  EXPECT_EQ(fail_if_status(no_number, 0.05), 4);
  for (const double ratio : {1.0, 1.1}) {
    Comparison merged = two({1, 1, 1}, {ratio, ratio, ratio});
    merged.merged =
        MergedParts{.machines = {}, .parts = 2, .parts_found = 2, .rounds = 4, .missing_rounds = {}};
    EXPECT_EQ(fail_if_status(merged, 0.05), ratio > 1 ? 3 : 0);
    merged.merged->missing_rounds = {4};
    EXPECT_EQ(fail_if_status(merged, 0.05), ratio > 1 ? 3 : 4) << "what is shown is shown";
  }
}

}  // namespace
}  // namespace harness
