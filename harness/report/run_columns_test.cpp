// harness/report/run_columns_test.cpp: a column that shows another row's value, or nothing where there is
// something.
#include "harness/report/run_columns.h"

#include <gtest/gtest.h>

#include "harness/error.h"
#include "harness/row/test_rows.h"

namespace harness {
namespace {

using Strings = std::vector<std::string>;

Strings texts_of(const std::vector<TableCell>& cells) {
  Strings texts;
  for (const TableCell& cell : cells) texts.push_back(cell.text);
  return texts;
}

TEST(RunColumns, AreTimeSpreadSpeedUpAndTheStory) {
  Row row = timed_row("grayscale/openmp/size:8x4/threads:2", {0.001, 0.003});
  row.counters = {{"speedup", 25}, {"cpu_per_wall", 2}, {"of_ceiling", 0.5}};
  EXPECT_EQ(texts_of(RunColumns().cells_of(row)), (Strings{"openmp/threads:2", "2.00 ms", "70.7 %", "25.0 ×",
                                                           "50.0 % of memory's speed, 2.00 cores"}));
}

TEST(RunColumns, SayThatARowDidAPartOrWasNotVerified) {
  Row row = pixels_row("grayscale/python/threads:1", 1, 1046464);
  row.traits.does_a_part = true;
  for (const char* const remark : {"not verified", "not verified: objects of Plain cannot be compared"}) {
    row.remarks = {"stopped: by a signal", remark};
    EXPECT_EQ(RunColumns().cells_of(row).back().text, "1,046,464 pixels, not verified");
  }
}

TEST(RunColumns, LeaveOutOfAStoryWhatHasNoRoom) {
  Row row = timed_row("countdown/openmp/threads:2", 1);
  row.counters = {{"cpu_per_wall", 2}, {"gil_held_share", 0.5}};
  EXPECT_EQ(RunColumns().cells_of(row, 30).back().text, "2.00 cores, GIL held 50.0 %");
  EXPECT_EQ(RunColumns().cells_of(row, 26).back().text, "2.00 cores");
  EXPECT_EQ(RunColumns().cells_of(row, 9).back().text, "");
}

TEST(RunColumns, ShowNoSpeedUpOfTheBaselineAndNoSpreadOfOneRepetition) {
  Row row = timed_row("countdown/python/threads:1", 1);
  row.counters = {{"speedup", 1}};
  EXPECT_EQ(texts_of(RunColumns().cells_of(row)), (Strings{"python/threads:1", "1.00 s", "", "", ""}));
}

TEST(RunColumns, AreThoseThatWereChosen) {
  Row row = timed_row("countdown/python/threads:1", 1);
  row.counters = {{"gil_wait_share", 0.5}, {"steps", 1000}};
  row.cpu_s = {2, 4};
  row.iterations = {1500, 1500};
  EXPECT_EQ(texts_of(RunColumns({"gil_wait_share", "real_time", "steps", "pair_ns"}).cells_of(row)),
            (Strings{"python/threads:1", "50.0 %", "1.00 s", "1,000", ""}));
  EXPECT_EQ(texts_of(RunColumns({"cpu_time", "iterations"}).cells_of(row)),
            (Strings{"python/threads:1", "3.00 s", "1,500"}));
}

TEST(CheckColumns, RefusesWhatNoRowHas) {
  EXPECT_NO_THROW(check_columns({"cv", "cpu_time", "iterations", "gil_switches", "steps", "steps_per_second"},
                                {"steps"}));
  EXPECT_THROW(check_columns({"pixels"}, {"steps"}), UserError);
  try {
    check_columns({"speed"}, {});
    ADD_FAILURE() << "no row has that";
  } catch (const UserError& error) {
    EXPECT_TRUE(std::string(error.what()).starts_with("--columns: no row has 'speed'; give "))
        << error.what();
  }
}

TEST(RunColumns, SayInsteadWhyThereIsNoTime) {
  EXPECT_EQ(texts_of(RunColumns().cells_of(untimed_row("a/b/threads:1", "wrong result"))),
            (Strings{"b/threads:1", "failed: wrong result"}));
  Row row = untimed_row("a/b/threads:1", "does not apply: it needs numpy");
  EXPECT_EQ(texts_of(RunColumns().cells_of(row)), (Strings{"b/threads:1", "it needs numpy"}));
  row.mend = "pip install numpy";
  const auto cells = RunColumns().cells_of(row);
  EXPECT_EQ(texts_of(cells), (Strings{"b/threads:1", "it needs numpy: pip install numpy"}));
  EXPECT_EQ(cells[1].style, Style::dim);
}

TEST(WhyWithoutTime, IsAsShortAsItHasToBeButNeverWithoutTheCommand) {
  Row row =
      untimed_row("a/b/threads:1",
                  "does not apply: it needs numpy (No module named 'numpy'); to get it: pip install numpy");
  row.mend = "pip install numpy";
  EXPECT_EQ(why_without_time(row, 33), "it needs numpy: pip install numpy");
  EXPECT_EQ(why_without_time(row, 32), "to get it: pip install numpy");
  EXPECT_EQ(why_without_time(row, 5), "to get it: pip install numpy");
  EXPECT_EQ(why_without_time(untimed_row("a/b/threads:1", "does not apply: no GIL (it is off)"), 5),
            "no GIL (it is off)");
}

}  // namespace
}  // namespace harness
