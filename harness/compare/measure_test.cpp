// harness/compare/measure_test.cpp: a row that is compared by a time that is fixed.
#include "harness/compare/measure.h"

#include <gtest/gtest.h>

#include "harness/row/test_rows.h"

namespace harness {
namespace {

TEST(MeasureOf, IsTheTimeWhereTheRowMeasuresNothingElse) {
  Row row = timed_row("countdown/python/threads:1", 0.5);
  row.counters["gil_switches"] = 3;
  const Measure measure = measure_of(row);
  EXPECT_TRUE(measure.is_time());
  EXPECT_EQ(measure.value_of(row), 0.5);
  EXPECT_EQ(measure.text(0.5), "500 ms");
}

TEST(MeasureOf, IsACounterThatTheTableSaysRowsAreComparedBy) {
  Row row = timed_row("gil/overlap/held/threads:2", 0.2);
  row.counters["python_share_of_alone"] = 0.54;
  const Measure measure = measure_of(row);
  EXPECT_EQ(measure.key, "python_share_of_alone");
  EXPECT_EQ(measure.better, Better::higher);
  EXPECT_EQ(measure.scale, Scale::difference);
  EXPECT_EQ(measure.value_of(row), 0.54);
  EXPECT_EQ(measure.text(0.54), "54.0 %");
  EXPECT_EQ(measure.value_of(timed_row("x", 1)), std::nullopt);
}

TEST(MeasureOf, IsABreakEvenAlsoWhereNoneWasFound) {
  Row row = timed_row("start/break_even/python_threads", 3);
  row.counters["no_break_even_ns"] = 2e7;
  EXPECT_EQ(measure_of(row).key, "break_even_ns");
  EXPECT_EQ(measure_of(row).value_of(row), std::nullopt);
  EXPECT_TRUE(has_no_break_even(row));
  EXPECT_TRUE(info_of(kNoBreakEven).shown.kept) << "a comparison would not know that it was sought";
  row.counters["break_even_ns"] = 1e5;  // in another repetition
  EXPECT_FALSE(has_no_break_even(row));
}

}  // namespace
}  // namespace harness
