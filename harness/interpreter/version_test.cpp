// harness/interpreter/version_test.cpp: versions taken apart, put in order, and asked for.
#include "harness/interpreter/version.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace harness {
namespace {

Version version(std::string_view text) {
  const auto parsed = parse_version(text);
  EXPECT_TRUE(parsed) << text;
  return parsed.value_or(Version{});
}

TEST(Version, IsTakenApart) {
  const Version full = version("3.14.0rc2t");
  EXPECT_EQ(full.major, 3);
  EXPECT_EQ(full.minor, 14);
  EXPECT_EQ(full.patch, 0);
  EXPECT_EQ(full.stage, 'c');
  EXPECT_EQ(full.serial, 2);
  EXPECT_TRUE(full.free_threaded);
  const Version minor = version("3.13t");
  EXPECT_EQ(minor.patch, std::nullopt);
  EXPECT_TRUE(minor.free_threaded);
  EXPECT_EQ(version("3").minor, std::nullopt);
  EXPECT_FALSE(version("3.13.0").free_threaded);
}

TEST(Version, IsNotEveryText) {
  for (const char* const text : {"", "python3", "3.", "3.13.", "3.x", "-3", "3.-1", "3.13.0rc", "3.13tt",
                                 "3.13.0 ", "99999999999", "3,13", "t"}) {
    EXPECT_FALSE(parse_version(text)) << text;
  }
}

TEST(Version, IsReadFromTheFrontOfAName) {
  std::string_view rest;
  EXPECT_EQ(leading_version("3.13.5+freethreaded-linux", rest), version("3.13.5"));
  EXPECT_EQ(rest, "+freethreaded-linux");
  EXPECT_EQ(leading_version("3.13t-dev", rest), version("3.13t"));
  EXPECT_EQ(rest, "-dev");
  EXPECT_EQ(leading_version("3.13td.so.1.0", rest), version("3.13t"));
  EXPECT_EQ(rest, "d.so.1.0");
  EXPECT_EQ(leading_version("miniconda3", rest), std::nullopt);
}

TEST(Version, SortsAsReleasesFollowOneAnother) {
  const std::vector<std::string> in_order = {"3.9.18",   "3.10.13",   "3.13",      "3.13.0a1",
                                             "3.13.0b4", "3.13.0rc1", "3.13.0rc2", "3.13.0",
                                             "3.13.0t",  "3.13.1",    "3.13.10"};
  for (std::size_t i = 1; i < in_order.size(); ++i) {
    EXPECT_LT(version(in_order[i - 1]), version(in_order[i])) << in_order[i - 1] << " " << in_order[i];
  }
}

TEST(Version, AskedForMatchesWhatAgreesWithIt) {
  EXPECT_TRUE(may_be(version("3"), version("3.13.0")));
  EXPECT_TRUE(may_be(version("3.13"), version("3.13.5")));
  EXPECT_TRUE(may_be(version("3.13"), version("3.13.0rc1")));
  EXPECT_TRUE(may_be(version("3.13.5"), version("3.13.5")));
  EXPECT_FALSE(may_be(version("3.13"), version("3.1.3")));
  EXPECT_FALSE(may_be(version("3.13.0"), version("3.13.5")));
  EXPECT_FALSE(may_be(version("3.13.0"), version("3.13.0rc1")));
  EXPECT_FALSE(may_be(version("3.14.0a1"), version("3.14.0b1")));
  EXPECT_FALSE(may_be(version("3.14.0b2"), version("3.14.0b1")));
  EXPECT_FALSE(may_be(version("3"), version("2.7.18")));
}

TEST(Version, AskedForNeverMixesGilAndFreeThreaded) {
  EXPECT_FALSE(may_be(version("3.13"), version("3.13.5t")));
  EXPECT_FALSE(may_be(version("3.13t"), version("3.13.5")));
  EXPECT_TRUE(may_be(version("3.13t"), version("3.13.5t")));
  EXPECT_FALSE(may_be(version("3"), version("3.13.5t")));
}

TEST(Version, MayBeMeantWhereANameLeavesThingsOpen) {
  EXPECT_TRUE(may_be(version("3.13.5"), version("3.13")));
  EXPECT_TRUE(may_be(version("3.13t"), version("3")));  // python3 may well be free-threaded
  EXPECT_FALSE(may_be(version("3.13.5"), version("3.12")));
}

}  // namespace
}  // namespace harness
