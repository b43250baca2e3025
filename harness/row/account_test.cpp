// harness/row/account_test.cpp: CPU time that is compared with another workload's, or clipped.
#include "harness/row/account.h"

#include <gtest/gtest.h>

#include "harness/row/test_rows.h"

namespace harness {
namespace {

/// A row with as many repetitions as CPU times an iteration, in ns.
Row row_of(const std::string& name, const std::vector<double>& cpu_ns, double share = 1) {
  Row row = timed_row(name, std::vector<double>(cpu_ns.size(), 1));
  for (const double each : cpu_ns) {
    row.repetitions.push_back({{"account_cpu_ns", each}});
    if (row.id.threads() > 1) row.repetitions.back()["account_cpu"] = share;
  }
  row.counters["account_cpu_ns"] = median(cpu_ns);
  if (row.id.threads() > 1) row.counters["account_cpu"] = share;
  return row;
}

TEST(AccountBase, IsPurePythonForPythonThreadsAndElseTheSameStrategyOnOneThread) {
  const std::vector<Row> rows{
      row_of("sum/python/threads:1", {10}),          row_of("sum/python_threads/threads:1", {20}),
      row_of("sum/python_threads/threads:2", {30}),  row_of("sum/native_gil_held/threads:1", {40}),
      row_of("sum/native_gil_held/threads:2", {50}), row_of("other/python_threads/threads:2", {60})};
  EXPECT_EQ(account_base(rows, rows[2]), &rows[0]);
  EXPECT_EQ(account_base(rows, rows[4]), &rows[3]);
  EXPECT_EQ(account_base(rows, rows[5]), nullptr) << "another workload's is none";
}

TEST(AccountBase, IsNoneWhoseCpuTimeIsNotKnownOrBesideWhichOtherThreadsRan) {
  const Row threads = row_of("sum/python_threads/threads:2", {30});
  Row base = row_of("sum/python/threads:1", {10});
  const auto is_base = [&] { return account_base({base, threads}, threads) != nullptr; };
  EXPECT_TRUE(is_base());
  base.counters["account_other_threads"] = 0.01;
  EXPECT_TRUE(is_base());
  base.counters["account_other_threads"] = 0.03;
  EXPECT_FALSE(is_base());
  base.counters = {};
  EXPECT_FALSE(is_base());
}

TEST(AccountBase, IsMissedForTheTrueReason) {
  const Row threads = row_of("sum/processes/threads:2", {30});
  EXPECT_EQ(no_account_base({threads}, threads), "no account (no row on one thread to compare with)");
  Row base = row_of("sum/processes/threads:1", {10});
  base.counters["account_other_threads"] = 0.03;
  EXPECT_EQ(no_account_base({base, threads}, threads),
            "no account (the row on one thread had threads of its own)");
  base.traits.by_workers = true;
  EXPECT_EQ(no_account_base({base, threads}, threads),
            "no account (to hand the work over took more than 2.00 % of the row on one thread, most likely)");
}

TEST(AccountRelation, CutsTheCpuTimeOfEachRepetitionIntoUsefulAndSlower) {
  const std::vector<Row> rows{row_of("sum/python/threads:1", {100, 100}),
                              row_of("sum/python_threads/threads:2", {200, 80}, 0.8)};
  const auto relation = account_relation(rows, rows[1]);
  ASSERT_TRUE(relation && relation->splits.size() == 2 && relation->splits[0] && relation->splits[1]);
  EXPECT_DOUBLE_EQ(relation->splits[0]->useful, 0.4);
  EXPECT_DOUBLE_EQ(relation->splits[0]->slower, 0.4);
  EXPECT_DOUBLE_EQ(relation->splits[1]->useful, 1);
  EXPECT_DOUBLE_EQ(relation->splits[1]->slower, -0.2) << "it is signed, not clipped";
  EXPECT_FALSE(relation->baseline_interval) << "they do not vary";
}

TEST(AccountRelation, ComparesItems) {
  std::vector<Row> rows{row_of("gray/python/threads:1", {100}),
                        row_of("gray/python_threads/threads:2", {300})};
  rows[0].traits.item_unit = rows[1].traits.item_unit = "pixels";
  rows[0].counters["pixels"] = 10;
  rows[1].counters["pixels"] = 20;
  EXPECT_DOUBLE_EQ(account_relation(rows, rows[1])->splits[0]->useful, 200.0 / 300);
}

TEST(AccountRelation, SaysHowUncertainTheBaselineIsWhereThatIsMuch) {
  const auto interval = [](const std::vector<double>& cpu_ns) {
    const std::vector<Row> rows{row_of("sum/python/threads:1", cpu_ns),
                                row_of("sum/python_threads/threads:2", {200})};
    return account_relation(rows, rows[1])->baseline_interval;
  };
  // Two values of 95 and 105: a standard error of 5, and Student's t of 12.706 for one degree of freedom.
  ASSERT_TRUE(interval({95, 105}));
  EXPECT_NEAR(*interval({95, 105}), 12.706 * 5 / 100, 1e-4);
  EXPECT_FALSE(interval({99.9, 100.1})) << "1.3 %";
  EXPECT_FALSE(interval({100})) << "one value does not tell how it varies";
}

TEST(AccountRelation, LeavesOutARepetitionWithoutAnAccount) {
  std::vector<Row> rows{row_of("sum/python/threads:1", {100}),
                        row_of("sum/python_threads/threads:2", {200, 200})};
  rows[1].repetitions[0] = {};
  const auto relation = account_relation(rows, rows[1]);
  ASSERT_EQ(relation->splits.size(), 2U);
  EXPECT_FALSE(relation->splits[0]);
  EXPECT_TRUE(relation->splits[1]);
}

TEST(AccountRelation, IsNothingOnOneThreadAndHasNoSplitsWithoutABase) {
  const std::vector<Row> rows{row_of("sum/python/threads:1", {100}),
                              row_of("other/python_threads/threads:2", {200})};
  EXPECT_FALSE(account_relation(rows, rows[0]));
  ASSERT_TRUE(account_relation(rows, rows[1]));
  EXPECT_TRUE(account_relation(rows, rows[1])->splits.empty());
}

TEST(LargestLoss, IsNoneOfWhatWasWorkAndOfWhatIsSmall) {
  EXPECT_FALSE(largest_loss({{"account_useful", 0.96}, {"account_idle", 0.04}}));
  EXPECT_FALSE(largest_loss({{"account_idle", 0.4}})) << "no account";
  const auto loss = largest_loss({{"account_useful", 0.6}, {"account_slower", 0.1}, {"account_idle", 0.3}});
  ASSERT_TRUE(loss);
  EXPECT_EQ(loss->counter, "account_idle");
  EXPECT_EQ(loss->share, 0.3);
}

}  // namespace
}  // namespace harness
