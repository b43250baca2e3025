// harness/parameters/parameter_test.cpp: a value that nobody gave, a wrong one that nobody refused.
#include "harness/parameters/parameter.h"

#include <gtest/gtest.h>

#include "harness/error.h"
#include "harness/testing/assertions.h"

namespace harness {
namespace {

ParameterValues values() {
  return ParameterValues(
      {{.flag = "--steps", .value = "N", .help = "", .default_text = "10", .range = {{1, 20}}},
       {.flag = "--limit", .value = "N", .help = "", .range = {{0, 5}}},
       {.flag = "--word",
        .value = "WORD",
        .help = "",
        .check =
            [](const std::string& flag, const std::string& text) {
              if (text == "bad") throw UserError(flag + "=" + text + ": give a good one");
            },
        .repeats = true}});
}

std::string refusal(const std::string& flag, const std::string& text) {
  return error_of([&] { values().give(flag, {text}); });
}

TEST(ParameterValues, AreTheDefaultsUntilSomethingIsGiven) {
  ParameterValues some = values();
  EXPECT_EQ(some.integer("--steps"), 10);
  EXPECT_EQ(some.integer("--limit"), std::nullopt);
  EXPECT_EQ(some.text("--word"), "");
  some.give("--steps", {"3"});
  some.give("--word", {"a", "b"});
  EXPECT_EQ(some.integer("--steps"), 3);
  EXPECT_EQ(some.texts("--word"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(some.text("--word"), "b");
}

TEST(ParameterValues, RefuseWhatIsOutOfRangeOrFailsTheCheck) {
  EXPECT_EQ(refusal("--steps", "21"), "--steps=21: give a whole number from 1 to 20");
  EXPECT_EQ(refusal("--word", "bad"), "--word=bad: give a good one");
  EXPECT_EQ(refusal("--word", "good"), "");
}

}  // namespace
}  // namespace harness
