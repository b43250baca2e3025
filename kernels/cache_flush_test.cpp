// kernels/cache_flush_test.cpp: a flush that loses what was written, or touches what lies beside it.
#include "kernels/cache_flush.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "kernels/test_image.h"

namespace kernels {
namespace {

TEST(CacheFlush, KeepsWhatWasWrittenAndReachesNoFurther) {
  for (const Guard guard : {Guard::before, Guard::after}) {
    for (const int bytes : {0, 1, 63, 64, 65, 4097}) {
      GuardedBuffer buffer(bytes, guard);
      std::ranges::fill(buffer.bytes(), std::uint8_t{0x5a});
      flush_from_caches(buffer.bytes());
      EXPECT_EQ(std::ranges::count(buffer.bytes(), 0x5a), bytes);
    }
  }
}

}  // namespace
}  // namespace kernels
