// harness/row/relations_test.cpp: a row that is compared with another workload's, or with one that failed.
#include "harness/row/relations.h"

#include <gtest/gtest.h>

#include "harness/row/test_rows.h"

namespace harness {
namespace {

TEST(Baseline, IsItsOwnWorkloadsPythonOnOneThread) {
  const std::vector<Row> rows{timed_row("sum/python_threads/threads:1", 1),
                              timed_row("countdown/python/threads:1", 2),
                              timed_row("sum/python/threads:1", 3)};
  EXPECT_EQ(baseline_of(rows, stored_row("sum/native/threads:1")), &rows[2]);
}

TEST(Baseline, IsOfTheSameSize) {
  const std::vector<Row> rows{timed_row("gray/python/size:8x4/threads:1", 1),
                              timed_row("gray/python/size:2x2/threads:1", 2)};
  EXPECT_EQ(baseline_of(rows, stored_row("gray/native/size:2x2/threads:1")), &rows[1]);
  EXPECT_EQ(baseline_of(rows, stored_row("gray/native/size:9x9/threads:1")), nullptr);
}

TEST(Baseline, IsAbsentWhereItDidNotRunOrFailed) {
  const std::vector<Row> rows{untimed_row("sum/python/threads:1", "it failed")};
  EXPECT_EQ(baseline_of(rows, stored_row("sum/native/threads:1")), nullptr);
  EXPECT_EQ(baseline_of(rows, stored_row("countdown/native/threads:1")), nullptr);
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
  EXPECT_EQ(ceiling_of(rows, pixels_row("gray/python/size:8x4/threads:2", 9, 32)), nullptr)
      << "no native row";
}

TEST(Ceiling, IsOfTheSameMemory) {
  std::vector<Row> rows{moving_row("memory/read3_write1/threads:1/stores:ordinary", 1, 32),
                        moving_row("memory/cuda_read3_write1/threads:1/transfer:none", 2, 32)};
  rows[1].traits.memory = Memory::ceiling;
  rows[1].traits.memory_of = MemoryOf::cuda_device;
  Row on_device = moving_row("gray/cuda/threads:1/transfer:none", 4, 32);
  on_device.traits.memory_of = MemoryOf::cuda_device;
  EXPECT_EQ(ceiling_of(rows, on_device), &rows[1]);
  EXPECT_EQ(ceiling_of(rows, moving_row("gray/native/threads:1", 4, 32)), &rows[0]);
  rows.pop_back();
  EXPECT_EQ(ceiling_of(rows, on_device), nullptr);
}

TEST(SingleThreaded, DiffersInItsThreadsOnlyWhateverComesAfterThem) {
  const std::vector<Row> rows{moving_row("memory/read3_write1/threads:1/stores:streaming", 3, 32),
                              moving_row("memory/read3_write1/threads:1/stores:ordinary", 3, 32),
                              moving_row("memory/read3_write1/threads:2/stores:ordinary", 2, 32),
                              timed_row("gil/convoy/spinners:2/interval_us:50", 1),
                              untimed_row("sum/openmp/threads:1", "it failed"),
                              timed_row("sum/openmp/threads:2", 1)};
  EXPECT_EQ(single_threaded(rows, rows[2]), &rows[1]);
  EXPECT_EQ(single_threaded(rows, rows[1]), nullptr) << "itself";
  EXPECT_EQ(single_threaded(rows, rows[3]), nullptr) << "no threads in its name";
  EXPECT_EQ(single_threaded(rows, rows[5]), nullptr) << "failed";
}

TEST(Relations, AreOfRatesWhereRowsDoDifferentAmounts) {
  const std::vector<Row> rows{pixels_row("gray/python/threads:1", 10, 5),
                              moving_row("memory/read3_write1/threads:1/stores:ordinary", 1, 100),
                              moving_row("gray/native/threads:1", 4, 100)};
  const auto relations = relations_of(rows, rows[2]);
  ASSERT_EQ(relations.size(), 1U);
  EXPECT_EQ(relations[0].counter, "speedup");
  EXPECT_DOUBLE_EQ(relations[0].reference_item_s / rows[2].item_s(), 50);
}

}  // namespace
}  // namespace harness
