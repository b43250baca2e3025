// harness/system/whole_number_test.cpp: a number of somebody's that is taken for another one.
#include "harness/system/whole_number.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace harness {
namespace {

std::optional<std::int64_t> number(const char* text, std::int64_t low, std::int64_t high) {
  return whole_number(nlohmann::json::parse(text), low, high);
}

TEST(WholeNumber, IsWhatJsonSaysWithinTheRange) {
  EXPECT_EQ(number("0", 0, 5), 0);
  EXPECT_EQ(number("5", 0, 5), 5);
  EXPECT_EQ(number("-3", -3, 5), -3);
  EXPECT_EQ(number("9223372036854775807", 0, INT64_MAX), INT64_MAX);
  EXPECT_EQ(number("-9223372036854775808", INT64_MIN, INT64_MAX), INT64_MIN);
}

TEST(WholeNumber, IsNoneOutsideTheRange) {
  EXPECT_EQ(number("6", 0, 5), std::nullopt);
  EXPECT_EQ(number("-1", 0, 5), std::nullopt);
  EXPECT_EQ(number("9223372036854775808", INT64_MIN, INT64_MAX), std::nullopt);
  EXPECT_EQ(number("18446744073709551615", -1, 5), std::nullopt);
}

TEST(WholeNumber, IsNoneWhereItIsAnotherThing) {
  for (const char* const text : {"1.5", "1e300", "2.0", "\"1\"", "null", "true", "[1]"}) {
    EXPECT_EQ(number(text, INT64_MIN, INT64_MAX), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace harness
