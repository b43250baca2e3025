// harness/run/iteration_count_test.cpp: repetitions that are too short, or that are run for nothing.
#include "harness/run/iteration_count.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

TEST(IterationCount, IsWhatTheLeastTimeNeedsWhereAnIterationIsKnown) {
  IterationCount count(0.05, 0.01);
  EXPECT_EQ(count.next(1), 6);  // five and a reserve
  EXPECT_NEAR(static_cast<double>(IterationCount(0.05, 1e-6).next(1)), 52'500, 1);
}

TEST(IterationCount, IsOneWhereAnIterationIsLongEnough) {
  EXPECT_EQ(IterationCount(0.05, 0.05).next(1), 1);
  EXPECT_EQ(IterationCount(0.05, 3).next(1), 1);
  EXPECT_EQ(IterationCount(0, 0.01).next(1), 1);
}

TEST(IterationCount, IsWhatIsAskedForWhereNothingIsKnown) {
  IterationCount count(0.05, 0);
  EXPECT_EQ(count.next(1), 1);
  EXPECT_EQ(count.next(10), 10);
}

// The first iteration may be the slowest: of a kernel whose threads are started then, of code that is
// compiled.
TEST(IterationCount, GrowsWhereARepetitionWasTooShort) {
  IterationCount count(0.05, 0.02);
  EXPECT_EQ(count.next(1), 3);
  count.took(0.003);
  EXPECT_EQ(count.next(2), 53);
}

TEST(IterationCount, StaysWhereARepetitionWasLongEnough) {
  IterationCount count(0.05, 0.01);
  EXPECT_EQ(count.next(1), 6);
  count.took(0.6);  // something else had the machine
  EXPECT_EQ(count.next(1), 6);
  count.took(0.049);  // a little faster than the one that decided
  EXPECT_EQ(count.next(1), 6);
}

TEST(IterationCount, StaysWhereItIsToBeKept) {
  IterationCount count(0.05, 0.02);
  EXPECT_EQ(count.next(1), 3);
  EXPECT_FALSE(count.is_enough());
  count.keep();
  count.took(0.003);
  EXPECT_EQ(count.next(1), 3);
}

TEST(IterationCount, IsEnoughOnceARepetitionWasLongEnough) {
  IterationCount count(0.05, 0.01);
  EXPECT_EQ(count.next(1), 6);
  count.took(0.03);
  EXPECT_FALSE(count.is_enough());
  count.took(0.06);
  EXPECT_TRUE(count.is_enough());
}

TEST(IterationCount, HasAnEndWhereNoTimePasses) {
  IterationCount count(0.05, 1e-300);
  EXPECT_EQ(count.next(1), 1'000'000'000);
  count.took(0);
  EXPECT_EQ(count.next(1), 1'000'000'000);
}

}  // namespace
}  // namespace harness
