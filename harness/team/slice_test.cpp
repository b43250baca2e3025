// harness/team/slice_test.cpp: an off-by-one here would leave items undone or do them twice.
#include "harness/team/slice.h"

#include <gtest/gtest.h>

#include <limits>

namespace harness {
namespace {

TEST(Slice, CoverEveryItemOnceForAnySplit) {
  for (const std::int64_t items : {1, 2, 7, 100, 921600}) {
    for (int members = 1; members <= 33; ++members) {
      std::int64_t next = 0;
      for (int member = 0; member < members; ++member) {
        const Slice slice = slice_of(items, member, members);
        ASSERT_EQ(slice.begin, next);
        ASSERT_GE(slice.end, slice.begin);
        next = slice.end;
      }
      ASSERT_EQ(next, items) << members << " members";
    }
  }
}

TEST(Slice, DifferByOneItemAtMost) {
  for (int member = 0; member < 8; ++member) {
    const Slice slice = slice_of(1003, member, 8);
    EXPECT_GE(slice.end - slice.begin, 125);
    EXPECT_LE(slice.end - slice.begin, 126);
  }
}

TEST(Slice, AreEmptyForMembersBeyondTheItems) {
  EXPECT_EQ(slice_of(2, 0, 4), (Slice{0, 1}));
  EXPECT_EQ(slice_of(2, 1, 4), (Slice{1, 2}));
  EXPECT_EQ(slice_of(2, 3, 4), (Slice{2, 2}));
}

TEST(Slice, DoNotOverflowForTheLargestJob) {
  const std::int64_t items = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(slice_of(items, 1023, 1024).end, items);
}

}  // namespace
}  // namespace harness
