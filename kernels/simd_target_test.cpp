// kernels/simd_target_test.cpp: if forcing a target did nothing, the tests of the others would test one of
// them only.
#include "kernels/simd_target.h"

#include <gtest/gtest.h>

namespace kernels {
namespace {

TEST(SimdTarget, IsTheBestUnlessForced) {
  const std::vector<std::string> targets = simd_targets();
  ASSERT_FALSE(targets.empty());
  for (const std::string& target : targets) {
    force_simd_target(target);
    EXPECT_EQ(simd_target(), target);
  }
  force_simd_target("");
  EXPECT_EQ(simd_target(), targets.front());
  EXPECT_EQ(simd_targets(), targets);
}

}  // namespace
}  // namespace kernels
