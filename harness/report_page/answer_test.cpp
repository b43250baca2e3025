// harness/report_page/answer_test.cpp: a question that nobody asked, an answer that is another row's.
#include "harness/report_page/answer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/tracer/culprit.h"

namespace harness {
namespace {

Cell cell_at(double ratio, Verdict verdict) {
  Cell cell;
  cell.times_s = cell.values = {1, 1};
  cell.effect = MeanEstimate{.mean = std::log(ratio)};
  cell.effect_interval = Interval{std::log(ratio * 0.9), std::log(ratio * 1.1)};
  cell.verdict = verdict;
  return cell;
}

/// Two labels, and a row for each ratio.
Comparison comparison_of(const std::vector<std::pair<double, Verdict>>& cells) {
  Comparison comparison{.labels = {"old", "new"}, .rows = {}, .settings = {}};
  for (const auto& [ratio, verdict] : cells) {
    ComparedRow& row = comparison.rows.emplace_back();
    row.id = parse_row_id("w/row" + std::to_string(comparison.rows.size()) + "/threads:1");
    row.cells = {cell_at(1, Verdict::same), cell_at(ratio, verdict)};
    row.cells[0].verdict.reset();
  }
  return comparison;
}

TEST(Answer, AsksWhatARunWasAbout) {
  EXPECT_EQ(question_of({stored_row("countdown/python/threads:1")}, "CPython 3.14.7t"),
            "How fast is countdown on CPython 3.14.7t, on 1 thread?");
  EXPECT_EQ(question_of({stored_row("a/python/threads:1"), stored_row("b/python_threads/threads:4"),
                         stored_row("b/python_threads/threads:2")},
                        "CPython 3.11.2"),
            "How fast are a and b on CPython 3.11.2, on 1, 2 and 4 threads?");
  EXPECT_EQ(
      question_of({stored_row("a/x/threads:1"), stored_row("b/x/threads:1"), stored_row("c/x/threads:1"),
                   stored_row("d/x/threads:1"), stored_row("e/x/threads:1")},
                  "CPython 3.11.2"),
      "How fast are 5 workloads on CPython 3.11.2, on 1 thread?");
}

TEST(Answer, TellsHowManyRowsCameOutHowAndWhichDiffersMost) {
  const Comparison comparison = comparison_of(
      {{0.5, Verdict::faster}, {1.2, Verdict::slower}, {1.0, Verdict::same}, {0.1, Verdict::inconclusive}});
  const Answers answers = answers_of(comparison);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].first, "new");
  EXPECT_EQ(answers[0].second,
            "Of 4 rows 1 faster, 1 slower, 1 the same and 1 inconclusive. Most of all w/row1/threads:1, with "
            "0.500 [0.450, 0.550] of the time (faster).");
  EXPECT_EQ(question_of(comparison), "Is new faster than old?");
}

TEST(Answer, SaysOnHowManyMachinesAVerdictHolds) {
  Comparison comparison = comparison_of({{0.5, Verdict::faster}});
  comparison.rows[0].cells[1].machines = {{.machine = 0, .rounds = 2, .mean = std::log(0.4)},
                                          {.machine = 1, .rounds = 2, .mean = std::log(0.3)},
                                          {.machine = 2, .rounds = 1, .mean = std::log(1.1)}};
  EXPECT_EQ(
      answers_of(comparison)[0].second,
      "Of one row 1 faster. Most of all w/row1/threads:1, with 0.500 [0.450, 0.550] of the time (faster "
      "on 2 of 3 machines).");
}

TEST(Answer, NamesNoRowWhereNoneIsSure) {
  EXPECT_EQ(answers_of(comparison_of({{0.1, Verdict::inconclusive}}))[0].second,
            "Of one row 1 inconclusive.");
}

TEST(Answer, CountsRowsThatFailedOrHaveNoMeaning) {
  Comparison comparison =
      comparison_of({{0.5, Verdict::faster}, {1, Verdict::same}, {1, Verdict::same}, {1, Verdict::same}});
  comparison.rows[1].cells[0].failure = "it broke";
  comparison.rows[1].cells[0].outcome = Outcome::failed;
  comparison.rows[1].cells[1].verdict.reset();
  comparison.rows[2].cells[1].failure = "there is none";
  comparison.rows[2].cells[1].outcome = Outcome::not_applicable;
  comparison.rows[2].cells[1].verdict.reset();
  comparison.rows[3].cells[1].verdict.reset();
  EXPECT_EQ(
      answers_of(comparison)[0].second,
      "Of 4 rows 1 faster, 1 failed, 1 without a meaning here and 1 that cannot be judged (two rounds are "
      "needed). Most of all w/row1/threads:1, with 0.500 [0.450, 0.550] of the time (faster).");
}

TEST(Answer, AsksOfTheGilAndOfWaysWhatTheyCost) {
  EXPECT_EQ(question_of({stored_row("gil/handoff")}, "CPython 3.14.7"),
            "What does the GIL itself cost on CPython 3.14.7?");
  EXPECT_EQ(question_of({stored_row("start/processes/threads:1")}, "CPython 3.14.7"),
            "What does each way around the GIL cost to enter on CPython 3.14.7?");
}

Row timed(const std::string& name, double seconds) {
  Row row = stored_row(name);
  row.times_s = {seconds};
  return row;
}

TEST(Answer, IsWhatASectionsLastSentenceShowsOrWhatItsRowsCameTo) {
  const Document document{
      .facts = {},
      .sections = {{.title = "a", .note = {}, .tables = {}, .sentences = {"no account of x", "It is so."}},
                   {.title = "b", .note = {}, .tables = {}, .sentences = {"no account of y: why"}},
                   {.title = "c"},
                   {.title = "gil"},
                   {.title = "d"}}};
  Row handoff = timed("gil/handoff", 1);
  handoff.counters = {{"handoff_p50_ns", 5000}};
  const std::vector<Row> rows{timed("b/x/threads:1", 0.2), timed("b/y/threads:1", 0.1),
                              timed("c/x/threads:1", 0.013), handoff};
  const Answers answers = answers_of(document, rows);
  ASSERT_EQ(answers.size(), 5U);
  EXPECT_EQ(answers[0].second, "It is so.");
  EXPECT_EQ(answers[1].second,
            "The fastest is y/threads:1 with 100 ms, the slowest x/threads:1 with 200 ms.");
  EXPECT_EQ(answers[2].second, "x/threads:1 took 13.0 ms.");
  EXPECT_NE(answers[3].second.find("handoff: "), std::string::npos) << answers[3].second;
  EXPECT_NE(answers[3].second.find("5.00 µs"), std::string::npos) << answers[3].second;
  EXPECT_EQ(answers[4].second, "No row was timed.");

  Row part = timed("b/x/threads:1", 0.05);
  part.traits.item_unit = "pixels";
  part.counters = {{"pixels", 10}};
  Row whole = timed("b/y/threads:1", 0.1);
  whole.traits.item_unit = "pixels";
  whole.counters = {{"pixels", 100}};
  EXPECT_EQ(answers_of(document, {part, whole}).at(1).second,
            "The fastest is y/threads:1 with 1.00 ms an item, the slowest x/threads:1 with 5.00 ms an item.");
}

tracer::Summary trace_of(const std::vector<std::string>& command) {
  tracer::Summary summary;
  summary.program.command = command;
  return summary;
}

TEST(Trace, IsOfTheProgramAndNotOfPythonsOptions) {
  using Words = std::vector<std::string>;
  for (const auto& [command, name] :
       {std::pair<Words, std::string>{{"python3", "src/app.py", "--fast"}, "app.py"},
        {{"python3", "-X", "dev", "-u", "app.py", "-m"}, "app.py"},
        {{"python3", "-m", "http.server", "80"}, "python -m http.server"},
        {{"python3", "-c", "import this"}, "python -c …"},
        {{"python3", "src/package/"}, "src/package/"},
        {{"python3", "--check-hash-based-pycs", "default", "app.py"}, "app.py"},
        {{"python3", "-i"}, "python"},
        {{"python3", "-X"}, "python"},
        {{"python3", "-m"}, "python"},
        {{}, "python"}}) {
    EXPECT_EQ(program_name(trace_of(command)), name);
  }
}

TEST(Trace, IsAnsweredByWhoKeptTheGilAndWhatElseTimeWentTo) {
  tracer::Summary summary = trace_of({"python3", "app.py"});
  EXPECT_EQ(question_of(summary, "app.py"), "What did the threads of app.py wait for?");
  EXPECT_TRUE(answers_of(summary, {}).empty());
  summary.gils = {{.use = {.waits = 1}}};
  summary.long_holds = {{.function = tracer::kPythonCode,
                         .had_no_core = true,
                         .python = "export (app.py:12)",
                         .count = 3,
                         .total_ns = 70'000'000}};
  // Two places at which more is lost together than at the one that is worst by itself.
  summary.sites = {{.what = "a Lock", .parked_ns = 3'000'000},
                   {.what = "a dict's lock", .parked_ns = 2'000'000},
                   {.what = "a dict's lock", .spinning_ns = 2'000'000}};
  EXPECT_EQ(question_of(summary, "app.py"), "Who held the GIL in app.py, and who waited for it?");
  const Document document{.sections = {{.title = "threads", .sentences = {"It was held."}}}};
  EXPECT_EQ(
      answers_of(summary, document),
      (Answers{{"the GIL", "It was held."},
               {"kept it",
                "Most of the time for which the GIL was kept though another thread had asked for it, 70.0 "
                "ms in 3 holds: Python code, without a core; called by export (app.py:12)."},
               {"waits",
                "Threads waited for other things than the GIL for 7.00 ms in all, most of it for: a "
                "dict's lock."}}));
}

}  // namespace
}  // namespace harness
