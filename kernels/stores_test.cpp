// kernels/stores_test.cpp: a threshold in the wrong unit would stream what belongs in the caches, or the
// reverse.
#include "kernels/stores.h"

#include <gtest/gtest.h>
#include <omp.h>

#include <string>

#include "kernels/test_threads.h"

namespace kernels {
namespace {

TEST(Stores, AreStreamingForAnImageLargerThanTheThreshold) {
  const BgrView source{nullptr, 100, 10, 300};  // 3000 bytes of colour, 1000 of gray
  EXPECT_EQ(stores_for(source, 4000), Stores::ordinary);
  EXPECT_EQ(stores_for(source, 3999), Stores::streaming);
  EXPECT_EQ(stores_for(source, 0), Stores::streaming);
}

TEST(Stores, CanBeOrdinaryForAnyImage) {
  const BgrView source{nullptr, 1'000'000, 1'000'000, 3'000'000};
  EXPECT_EQ(stores_for(source, INT64_MAX), Stores::ordinary);
}

TEST(LastLevelCache, HasAPlausibleSize) {
  EXPECT_GE(last_level_cache_bytes(), 128 << 10);
  EXPECT_LE(last_level_cache_bytes(), std::int64_t{16} << 30);
}

TEST(StreamingThreshold, IsACacheOfThisMachineAndSaysWhich) {
  EXPECT_GE(streaming_threshold_bytes(1), 128 << 10);
  EXPECT_LE(streaming_threshold_bytes(1), last_level_cache_bytes());
  EXPECT_EQ(streaming_threshold_bytes(1) == last_level_cache_bytes(),
            streaming_threshold_origin() == std::string("the last-level cache"));
}

TEST(StreamingThreshold, GrowsWithTheCoresThatAreUsedWhereEachHasItsOwn) {
  const std::int64_t one = streaming_threshold_bytes(1);
  const int cores = omp_get_num_procs();
  EXPECT_EQ(streaming_threshold_bytes(cores), streaming_threshold_is_per_core() ? cores * one : one);
  EXPECT_EQ(streaming_threshold_bytes(cores + 1), streaming_threshold_bytes(cores));
}

TEST(StreamingThreshold, IsOfOneCoreOnlyWhileTheThreadIsPinnedToOne) {
  if (has_llvms_openmp()) GTEST_SKIP() << "LLVM's OpenMP counts the CPUs once, whoever asks";
  const std::int64_t of_two = streaming_threshold_bytes(2);
  {
    const BoundToOneCpu bound;
    EXPECT_EQ(streaming_threshold_bytes(2), streaming_threshold_bytes(1));
  }
  EXPECT_EQ(streaming_threshold_bytes(2), of_two);
}

}  // namespace
}  // namespace kernels
