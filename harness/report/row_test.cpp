// harness/report/row_test.cpp: a median of an even number of times, a baseline that failed.
#include "harness/report/row.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

Row row_named(const std::string& name, std::vector<double> times_s, const std::string& error = "") {
  Row row;
  row.name = name;
  row.times_s = std::move(times_s);
  row.error = error;
  return row;
}

TEST(NamedRow, KnowsWhatItsNameSays) {
  const Row row = named_row("grayscale/openmp/threads:12");
  EXPECT_EQ(row.workload, "grayscale");
  EXPECT_EQ(row.strategy, "openmp");
  EXPECT_EQ(row.threads, 12);
  EXPECT_FALSE(row.failed());
}

TEST(NamedRow, LeavesOpenWhatItsNameDoesNotSay) {
  EXPECT_EQ(named_row("gil/convoy/spinners:2/interval_us:50").threads, 0);
  const Row row = named_row("BM_memcpy");
  EXPECT_EQ(row.workload, "BM_memcpy");
  EXPECT_EQ(row.strategy, "");
}

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
  EXPECT_FALSE(row_named("a", {}).variation());
  EXPECT_FALSE(row_named("a", {1}).variation());
  EXPECT_EQ(row_named("a", {1, 1}).variation(), 0);
}

TEST(Row, IsFoundByItsWholeName) {
  const std::vector<Row> rows{row_named("sum/python/threads:11", {}), row_named("sum/python/threads:1", {})};
  EXPECT_EQ(find_row(rows, "sum/python/threads:1"), &rows[1]);
  EXPECT_EQ(find_row(rows, "sum/python"), nullptr);
}

TEST(Baseline, IsItsOwnWorkloadsPythonOnOneThread) {
  const std::vector<Row> rows{row_named("sum/python_threads/threads:1", {1}),
                              row_named("countdown/python/threads:1", {2}),
                              row_named("sum/python/threads:1", {3})};
  EXPECT_EQ(baseline_of(rows, "sum"), &rows[2]);
}

TEST(Baseline, IsAbsentWhereItDidNotRunOrFailed) {
  const std::vector<Row> rows{row_named("sum/python/threads:1", {}, "it failed")};
  EXPECT_EQ(baseline_of(rows, "sum"), nullptr);
  EXPECT_EQ(baseline_of(rows, "countdown"), nullptr);
}

}  // namespace
}  // namespace harness
