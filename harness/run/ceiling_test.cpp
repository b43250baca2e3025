// harness/run/ceiling_test.cpp: a row faster than what bounds it, a ceiling of another moment.
#include "harness/run/ceiling.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

TEST(OfCeiling, IsOfTheMeanOfBeforeAndAfter) {
  const OfCeiling part = of_ceiling(50, 99.5, 100.5);
  EXPECT_DOUBLE_EQ(part.value.value(), 0.5);
  EXPECT_EQ(part.withheld, "");
}

TEST(OfCeiling, IsWithheldWhereTheCeilingChangedMeanwhile) {
  EXPECT_TRUE(of_ceiling(50, 100, 101.9).value);
  const OfCeiling faster = of_ceiling(50, 100, 110);
  EXPECT_FALSE(faster.value);
  EXPECT_EQ(faster.withheld, "of_ceiling withheld: memory's speed changed by 9.52 % meanwhile");
  EXPECT_FALSE(of_ceiling(50, 110, 100).value);
}

TEST(OfCeiling, IsWithheldWhereTheRowIsFasterThanIt) {
  EXPECT_TRUE(of_ceiling(101.9, 100, 100).value);
  const OfCeiling above = of_ceiling(120, 100, 100);
  EXPECT_FALSE(above.value);
  EXPECT_EQ(above.withheld, "of_ceiling withheld: it came out at 1.20");
}

}  // namespace
}  // namespace harness
