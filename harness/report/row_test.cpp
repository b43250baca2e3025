// harness/report/row_test.cpp: a median of an even number of times, a baseline that failed.
#include "harness/report/row.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

Row row_named(const std::string& name, std::vector<double> times_s, const std::string& error = "") {
  Row row = named_row(name);
  row.times_s = std::move(times_s);
  row.error = error;
  return row;
}

TEST(NamedRow, KnowsWhatItsNameSays) {
  const Row row = named_row("grayscale/openmp/threads:12");
  EXPECT_EQ(row.workload, "grayscale");
  EXPECT_EQ(row.strategy, "openmp");
  EXPECT_EQ(row.threads, 12);
  EXPECT_EQ(row.size, "");
  EXPECT_FALSE(row.failed());
}

TEST(NamedRow, KnowsItsSizeWhateverElseItsNameSays) {
  const Row row = named_row("memory/read3_write1/size:1280x720/threads:2/stores:ordinary");
  EXPECT_EQ(row.strategy, "read3_write1");
  EXPECT_EQ(row.size, "1280x720");
  EXPECT_EQ(row.threads, 2);
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
  EXPECT_EQ(baseline_of(rows, named_row("sum/native/threads:1")), &rows[2]);
}

TEST(Baseline, IsOfTheSameSize) {
  const std::vector<Row> rows{row_named("gray/python/size:8x4/threads:1", {1}),
                              row_named("gray/python/size:2x2/threads:1", {2})};
  EXPECT_EQ(baseline_of(rows, named_row("gray/native/size:2x2/threads:1")), &rows[1]);
  EXPECT_EQ(baseline_of(rows, named_row("gray/native/size:9x9/threads:1")), nullptr);
}

TEST(Baseline, IsAbsentWhereItDidNotRunOrFailed) {
  const std::vector<Row> rows{row_named("sum/python/threads:1", {}, "it failed")};
  EXPECT_EQ(baseline_of(rows, named_row("sum/native/threads:1")), nullptr);
  EXPECT_EQ(baseline_of(rows, named_row("countdown/native/threads:1")), nullptr);
}

/// A row that did `pixels` pixels in `time_s`, and moved 4 bytes for each.
Row moving_row(const std::string& name, double time_s, double pixels) {
  Row row = row_named(name, {time_s});
  row.counters = {
      {"pixels", pixels}, {"pixels_per_second", pixels / time_s}, {"bytes_per_second", 4 * pixels / time_s}};
  return row;
}

TEST(Row, IsComparedByTheTimeOfAnItem) {
  EXPECT_EQ(moving_row("gray/python/threads:1", 3, 6).item_s(), 0.5);
  EXPECT_EQ(row_named("gray/python/threads:1", {3}).item_s(), 3);
}

TEST(Ceiling, IsTheFasterKindOfStoresOfTheSameSizeAndThreads) {
  const std::vector<Row> rows{moving_row("memory/read3_write1/size:8x4/threads:2/stores:ordinary", 3, 32),
                              moving_row("memory/read3_write1/size:8x4/threads:2/stores:streaming", 2, 32),
                              moving_row("memory/read3_write1/size:8x4/threads:1/stores:streaming", 1, 32),
                              moving_row("memory/read3_write1/size:9x9/threads:2/stores:streaming", 1, 81),
                              moving_row("memory/copy/size:8x4/threads:2", 1, 32)};
  EXPECT_EQ(ceiling_of(rows, moving_row("gray/native/size:8x4/threads:2", 4, 32)), &rows[1]);
  EXPECT_EQ(ceiling_of(rows, moving_row("gray/native/size:8x4/threads:3", 4, 32)), nullptr);
  EXPECT_EQ(ceiling_of(rows, rows[0]), nullptr) << "a ceiling has none";
  EXPECT_EQ(ceiling_of(rows, row_named("gray/python/size:8x4/threads:2", {9})), nullptr) << "no native row";
}

TEST(Relations, AreOfRatesWhereRowsDoDifferentAmounts) {
  const std::vector<Row> rows{moving_row("gray/python/threads:1", 10, 5),
                              moving_row("memory/read3_write1/threads:1/stores:ordinary", 1, 100),
                              moving_row("gray/native/threads:1", 4, 100)};
  const auto relations = relations_of(rows, rows[2]);
  ASSERT_EQ(relations.size(), 2U);
  EXPECT_EQ(relations[0].counter, "speedup");
  EXPECT_DOUBLE_EQ(relations[0].reference_item_s / rows[2].item_s(), 50);
  EXPECT_EQ(relations[1].counter, "of_ceiling");
  EXPECT_DOUBLE_EQ(relations[1].reference_item_s / rows[2].item_s(), 0.25);
}

}  // namespace
}  // namespace harness
