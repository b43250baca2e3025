// harness/compare/order_test.cpp: an order that always begins with the same interpreter, or cannot be
// repeated.
#include "harness/compare/order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace harness {
namespace {

using Order = std::vector<std::size_t>;

TEST(OrderOfRound, HoldsEachInterpreterOnce) {
  for (int round = 1; round < 50; ++round) {
    Order order = order_of_round(7, round, 9);
    std::ranges::sort(order);
    EXPECT_EQ(order, (Order{0, 1, 2, 3, 4, 5, 6, 7, 8}));
  }
}

TEST(OrderOfRound, IsRepeatedByItsSeedOnEveryMachine) {
  EXPECT_EQ(order_of_round(1, 1, 5), order_of_round(1, 1, 5));
  EXPECT_NE(order_of_round(1, 1, 20), order_of_round(2, 1, 20));
  EXPECT_NE(order_of_round(1, 1, 20), order_of_round(1, 2, 20));
  EXPECT_EQ(order_of_round(20261125, 1, 8), (Order{2, 4, 3, 6, 7, 1, 0, 5}));
}

TEST(OrderOfRound, TakesEachPermutationAboutAsOften) {
  std::map<Order, int> counts;
  for (int round = 1; round <= 6000; ++round) ++counts[order_of_round(3, round, 3)];
  EXPECT_EQ(counts.size(), 6U);
  for (const auto& [order, count] : counts) EXPECT_NEAR(count, 1000, 120);  // four standard deviations
}

TEST(OrderOfRound, HasNothingToShuffleInOne) {
  EXPECT_EQ(order_of_round(1, 1, 1), (Order{0}));
}

TEST(SeedOfWords, DependsOnTheWordsAlone) {
  const auto seed = [](const std::vector<std::string>& words) { return seed_of(words); };
  // http://www.isthe.com/chongo/src/fnv/test_fnv.c has FNV-1a's of "foobar"; a zero byte ends each word.
  EXPECT_EQ(seed({}), 2166136261U);
  EXPECT_EQ(seed({"foobar"}), 0xbf9cf968U * 16777619U);
  EXPECT_NE(seed({"ab", "c"}), seed({"a", "bc"}));
  EXPECT_NE(seed({"a", "b"}), seed({"b", "a"}));
}

}  // namespace
}  // namespace harness
