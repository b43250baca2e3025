// harness/report/csv_test.cpp: a column that a row lacks, an error with commas and line breaks in it.
#include "harness/report/csv.h"

#include <gtest/gtest.h>

#include "harness/row/counters.h"
#include "harness/row/test_rows.h"

namespace harness {
namespace {

Row row_with(std::vector<double> times_s, Counters counters) {
  Row row = timed_row("sum/python/threads:2", std::move(times_s));
  row.counters = std::move(counters);
  return row;
}

TEST(Csv, OfNoRowsIsTheHeader) {
  EXPECT_EQ(to_csv({}), "name,workload,strategy,size,threads,repetitions,median_s,cv,error\n");
}

TEST(Csv, HasALineARowWithMedianAndVariation) {
  EXPECT_EQ(to_csv({row_with({2, 6, 4}, {})}),
            "name,workload,strategy,size,threads,repetitions,median_s,cv,error\n"
            "sum/python/threads:2,sum,python,,2,3,4,0.5,\n");
}

TEST(Csv, HasAColumnForEveryCounterThatAnyRowHasAndLeavesItEmptyWhereARowHasNot) {
  const std::string csv = to_csv({row_with({1}, {{"speedup", 1.5}}), row_with({1}, {{"pixels", 8}})});
  EXPECT_EQ(csv,
            "name,workload,strategy,size,threads,repetitions,median_s,cv,pixels,speedup,error\n"
            "sum/python/threads:2,sum,python,,2,1,1,,,1.5,\n"
            "sum/python/threads:2,sum,python,,2,1,1,,8,,\n");
}

TEST(Csv, WritesNumbersThatReadBackAsTheSame) {
  const std::string csv = to_csv({row_with({0.1}, {{"rate", 1.0 / 3}})});
  EXPECT_NE(csv.find(",1,0.1,,0.3333333333333333,\n"), std::string::npos) << csv;
}

TEST(Csv, QuotesAnErrorAsRfc4180Does) {
  Row failed = row_with({}, {});
  failed.outcome = Outcome::failed;
  failed.reason = "ValueError: \"a\", b\nsecond line";
  const std::string csv = to_csv({failed});
  EXPECT_TRUE(
      csv.ends_with("sum/python/threads:2,sum,python,,2,0,,,\"ValueError: \"\"a\"\", b\nsecond line\"\n"))
      << csv;
}

}  // namespace
}  // namespace harness
