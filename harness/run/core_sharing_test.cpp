// harness/run/core_sharing_test.cpp: what a row says of threads that shared a core, and when it says nothing.
#include "harness/run/core_sharing.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

Watched watched(int threads = 2, std::int64_t time_ns = 500'000'000) {
  return {.threads = threads, .cores = 2, .time_ns = time_ns};
}

TEST(SharedCoreRemark, SaysHowMuchOfWhat) {
  EXPECT_EQ(shared_core_remark(watched(), 0.5, "40 looks"),
            "threads shared a core: for about 50.0 % of 40 looks");
  EXPECT_EQ(shared_core_remark(watched(), 0.25, "the time"),
            "threads shared a core: for about 25.0 % of the time");
}

TEST(SharedCoreRemark, IsNoneWhereItIsLittleOrTheTimeWasShort) {
  EXPECT_EQ(shared_core_remark(watched(), 0.1, "the time"), "");
  EXPECT_EQ(shared_core_remark(watched(2, 20'000'000), 1, "the time"), "");
}

TEST(SharedCoreRemark, IsNoneWhereThereAreMoreThreadsThanCores) {
  EXPECT_EQ(shared_core_remark(watched(3), 1, "the time"), "");
}

}  // namespace
}  // namespace harness
