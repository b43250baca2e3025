// harness/compare/kept_rows_test.cpp: a merge that says something else than the processes' results do.
#include "harness/compare/kept_rows.h"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/compare/test_parts.h"
#include "harness/row/test_rows.h"

namespace harness {
namespace {

FinishedProcess some_process() {
  Row timed = timed_row("countdown/python/threads:1/stores:\"x\"", {0.3, 0.1, 0.1 + 0.2});
  timed.traits.item_unit = "steps";
  timed.counters = {{"steps", 20000}, {"gil_held_share", 1.0 / 3}};
  Row failed = untimed_row("sum_of_squares/python/threads:1", "wrong result: 5");
  return {.process = {.round = 3, .failure = {}, .rows = {timed, failed}},
          .context = {{"cpu_model", "AMD"}, {"pinned", "none"}, {"warning_1", "busy: x"}, {"kernel", "L"}}};
}

TEST(KeptRows, AreWhatAComparisonAsksForToTheLastBit) {
  const FinishedProcess before = some_process();
  const auto after = finished_of_kept_rows(kept_rows_text(before));
  ASSERT_TRUE(after);
  EXPECT_EQ(after->context, before.context);
  ASSERT_EQ(after->process.rows.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    const Row& row = after->process.rows[i];
    const Row& expected = before.process.rows[i];
    EXPECT_EQ(row.id, expected.id);
    EXPECT_EQ(row.traits, expected.traits);
    EXPECT_EQ(row.outcome, expected.outcome);
    EXPECT_EQ(row.reason, expected.reason);
    EXPECT_EQ(row.counters, expected.counters);
    EXPECT_EQ(row.times_s, expected.times_s);
  }
}

TEST(KeptRows, AreNoneWhereTheTextIsNone) {
  const std::string text = kept_rows_text(some_process());
  EXPECT_FALSE(finished_of_kept_rows(text.substr(0, text.size() / 2)));
  EXPECT_FALSE(finished_of_kept_rows("{}"));
  EXPECT_FALSE(finished_of_kept_rows("[1]"));
  EXPECT_FALSE(finished_of_kept_rows(R"({"kept":3,"context":{},"counters":[],"rows":[]})"));
  EXPECT_TRUE(finished_of_kept_rows(R"({"kept":4,"context":{},"counters":[],"rows":[["a","","",[1,2]]]})"));
  for (const char* const row :
       {R"(["a","","",[0]])", R"(["a","","",[1,-1]])", R"(["a","","",null])", R"(["a","","",[1],2])",
        R"(["a","failed","",[1]])", R"(["a",""])", R"([])", R"(["a","","",[1e99]])", R"(["a","","",1])",
        R"(["a","","",[]])", R"(["a","","",["1"]])"}) {
    EXPECT_FALSE(
        finished_of_kept_rows(R"({"kept":4,"context":{},"counters":[],"rows":[)" + std::string(row) + "]}"))
        << row;
  }
}

TEST(KeptRows, AreReadInThePlaceOfAResult) {
  const TestFolder root;
  const JournalEntry entry = plant_process(root, "part", 3, 0, 2);
  EXPECT_EQ(read_process(root.path() / "part", entry).process.rows[0].times_s, std::vector{0.002});
  root.write("part/" + entry.folder + "/" + kKeptRows, kept_rows_text(some_process()));
  const FinishedProcess kept = read_process(root.path() / "part", entry);
  EXPECT_EQ(kept.process.round, 3);
  EXPECT_EQ(kept.process.rows.size(), 2U);
  root.write("part/" + entry.folder + "/" + kKeptRows, "torn");
  EXPECT_EQ(read_process(root.path() / "part", entry).process.rows.size(), 1U);
}

}  // namespace
}  // namespace harness
