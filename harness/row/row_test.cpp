// harness/row/row_test.cpp: a median of an even number of times, a row that is found by a part of its name.
#include "harness/row/row.h"

#include <gtest/gtest.h>

#include "harness/row/test_rows.h"

namespace harness {
namespace {

TEST(Median, IsTheMiddleOfAnyOrder) {
  EXPECT_EQ(median({3}), 3);
  EXPECT_EQ(median({9, 1, 4}), 4);
}

TEST(Median, IsTheMeanOfTheMiddleTwoOfAnEvenNumber) {
  EXPECT_EQ(median({8, 1, 2, 4}), 3);
}

TEST(CoefficientOfVariation, IsTheSampleStandardDeviationOverTheMean) {
  // Mean 4, squares 4 + 0 + 4: the sample variance divides by 2, the population's would by 3.
  EXPECT_DOUBLE_EQ(coefficient_of_variation({2, 4, 6}), 0.5);
  EXPECT_EQ(coefficient_of_variation({5, 5}), 0);
}

TEST(Row, HasNoVariationBelowTwoRepetitions) {
  EXPECT_FALSE(timed_row("a", std::vector<double>{}).variation());
  EXPECT_FALSE(timed_row("a", 1).variation());
  EXPECT_EQ(timed_row("a", {1, 1}).variation(), 0);
}

TEST(Row, IsFoundByItsWholeIdentity) {
  const std::vector<Row> rows{stored_row("sum/python/threads:11"), stored_row("sum/python/threads:1")};
  EXPECT_EQ(find_row(rows, parse_row_id("sum/python/threads:1")), &rows[1]);
  EXPECT_EQ(find_row(rows, parse_row_id("sum/python")), nullptr);
}

TEST(Row, IsComparedByTheTimeOfAnItem) {
  EXPECT_EQ(pixels_row("gray/python/threads:1", 3, 6).item_s(), 0.5);
  EXPECT_EQ(timed_row("gray/python/threads:1", 3).item_s(), 3);
}

TEST(StoredRow, HasTheUnitThatItsCountersName) {
  Row row = stored_row("gray/python/threads:1");
  row.counters = {{"pixels", 8}, {"pixels_per_second", 2}, {"bytes_per_second", 4}};
  find_item_unit(row);
  EXPECT_EQ(row.traits.item_unit, "pixels");
  Row without = stored_row("gil/overlap/held/threads:2");
  without.counters = {{"python_steps_per_second", 2}};
  find_item_unit(without);
  EXPECT_EQ(without.traits.item_unit, "");
}

}  // namespace
}  // namespace harness
