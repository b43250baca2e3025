// harness/row/format_test.cpp: a unit or a digit too many where a number is rounded up to the next power
// of ten.
#include "harness/row/format.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

TEST(FormatTime, TakesTheUnitThatLeavesOneToThreeWholeDigits) {
  EXPECT_EQ(format_time(41.2e-9), "41.2 ns");
  EXPECT_EQ(format_time(870e-9), "870 ns");
  EXPECT_EQ(format_time(1e-6), "1.00 µs");
  EXPECT_EQ(format_time(0.0412), "41.2 ms");
  EXPECT_EQ(format_time(1.0249), "1.02 s");
  EXPECT_EQ(format_time(118.9), "119 s");
}

TEST(FormatTime, TakesTheNextUnitWhereItIsRoundedUpToIt) {
  EXPECT_EQ(format_time(0.9998), "1.00 s");
  EXPECT_EQ(format_time(0.0009998), "1.00 ms");
}

TEST(FormatTime, WritesLongTimesWhole) {
  EXPECT_EQ(format_time(999.6), "1,000 s");
  EXPECT_EQ(format_time(12345.6), "12,346 s");
}

TEST(FormatRatio, HasThreeSignificantDigits) {
  EXPECT_EQ(format_ratio(0.981), "0.981");
  EXPECT_EQ(format_ratio(1.2449), "1.24");
  EXPECT_EQ(format_ratio(47), "47.0");
  EXPECT_EQ(format_ratio(100), "100");
  EXPECT_EQ(format_ratio(0.01234), "0.0123");
}

TEST(FormatRatio, HasThreeSignificantDigitsWhereItIsRoundedUpToTheNextPowerOfTen) {
  EXPECT_EQ(format_ratio(0.9999), "1.00");
  EXPECT_EQ(format_ratio(9.999), "10.0");
  EXPECT_EQ(format_ratio(99.99), "100");
}

TEST(FormatRatio, IsWholeWithCommasFromAThousandOn) {
  EXPECT_EQ(format_ratio(999.4), "999");
  EXPECT_EQ(format_ratio(999.6), "1,000");
  EXPECT_EQ(format_ratio(4679.6), "4,680");
}

TEST(FormatCount, PutsACommaBeforeEveryThreeDigitsFromTheRight) {
  EXPECT_EQ(format_count(0), "0");
  EXPECT_EQ(format_count(999), "999");
  EXPECT_EQ(format_count(1000), "1,000");
  EXPECT_EQ(format_count(1234567), "1,234,567");
  EXPECT_EQ(format_count(1e41), "1e+41");
  EXPECT_EQ(format_count(-123456), "-123,456");
}

TEST(Counted, HasAWordForOneAndForSeveral) {
  EXPECT_EQ(counted(1, "round"), "1 round");
  EXPECT_EQ(counted(0, "round"), "0 rounds");
  EXPECT_EQ(counted(1234, "round"), "1,234 rounds");
  EXPECT_EQ(counted(1, "process"), "1 process");
  EXPECT_EQ(counted(2, "process"), "2 processes");
}

TEST(Enumerated, JoinsWordsAsASentenceDoes) {
  EXPECT_EQ(enumerated({}), "");
  EXPECT_EQ(enumerated({"a"}), "a");
  EXPECT_EQ(enumerated({"a", "b"}), "a and b");
  EXPECT_EQ(enumerated({"a", "b", "c"}), "a, b and c");
}

}  // namespace
}  // namespace harness
