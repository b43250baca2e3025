// harness/parameters/values_test.cpp: a value that is taken for another, a message that does not say what to
// type.
#include "harness/parameters/values.h"

#include <gtest/gtest.h>

#include <limits>

#include "harness/error.h"
#include "harness/testing/assertions.h"

namespace harness {
namespace {

using Threads = std::vector<int>;

/// The message of the UserError that `parse` throws, or "" where it throws none.
TEST(ParseInteger, TakesWholeNumbersWithinTheRange) {
  EXPECT_EQ(parse_integer("--sum-n", "1", 1, 10), 1);
  EXPECT_EQ(parse_integer("--sum-n", "10", 1, 10), 10);
  EXPECT_EQ(parse_integer("--sum-n", "9223372036854775807", 1, std::numeric_limits<std::int64_t>::max()),
            std::numeric_limits<std::int64_t>::max());
}

TEST(ParseInteger, RefusesEverythingElseAndNamesFlagValueAndRange) {
  for (const std::string text :
       {"0", "1001", "-5", "+5", "", " 5", "5 ", "5.0", "1e2", "0x10", "five", "9223372036854775808"}) {
    EXPECT_EQ(error_of([&] { parse_integer("--sum-n", text, 1, 1000); }),
              "--sum-n=" + text + ": give a whole number from 1 to 1,000");
  }
}

TEST(ParseSeconds, TakesDecimalsAndExponents) {
  EXPECT_EQ(parse_seconds("--min-time", "0.25", 10), 0.25);
  EXPECT_EQ(parse_seconds("--min-time", "5e-6", 10), 5e-6);
  EXPECT_EQ(parse_seconds("--min-time", "10", 10), 10);
}

TEST(ParseSeconds, RefusesEverythingElseAndNamesFlagValueAndRange) {
  for (const std::string text : {"0", "-1", "10.5", "inf", "nan", "1e999", "", "1s", "1,5", "soon"}) {
    EXPECT_EQ(error_of([&] { parse_seconds("--min-time", text, 10); }),
              "--min-time=" + text + ": give a number of seconds above 0 and up to 10");
  }
}

TEST(ParseThreads, MakesAnAscendingListWithoutRepeats) {
  EXPECT_EQ(parse_threads("--threads", "4"), Threads{4});
  EXPECT_EQ(parse_threads("--threads", "8,1,2,1,8"), (Threads{1, 2, 8}));
  EXPECT_EQ(parse_threads("--threads", "1024"), Threads{1024});
}

TEST(ParseThreads, RefusesEverythingElseAndNamesTheCountThatIsWrong) {
  const std::string mend = " is not a thread count; give a list such as 1,2,4, each from 1 to 1,024";
  EXPECT_EQ(error_of([] { parse_threads("--threads", "1,0"); }), "--threads=1,0: '0'" + mend);
  EXPECT_EQ(error_of([] { parse_threads("--threads", "1,,2"); }), "--threads=1,,2: ''" + mend);
  EXPECT_EQ(error_of([] { parse_threads("--threads", "1,"); }), "--threads=1,: ''" + mend);
  EXPECT_EQ(error_of([] { parse_threads("--threads", "1, 2"); }), "--threads=1, 2: ' 2'" + mend);
  for (const std::string text : {"", "-2", "1025", "two", "1.5", "4294967297"}) {
    EXPECT_EQ(error_of([&] { parse_threads("--threads", text); }),
              "--threads=" + text + ": '" + text + "'" + mend);
  }
}

TEST(ParseSize, TakesWidthAndHeight) {
  EXPECT_EQ(parse_size("--size", "1280x720"), (ImageSize{1280, 720}));
  EXPECT_EQ(parse_size("--size", "1x1000000"), (ImageSize{1, 1'000'000}));
}

TEST(ParseSize, RefusesEverythingElseAndShowsAnExample) {
  for (const std::string text : {"0x720", "1280x0", "-1x5", "1280", "1280x", "x720", "", "1280x720x3",
                                 "1280X720", "1280 x 720", "1000001x1", "1x1000001", "axb"}) {
    EXPECT_EQ(
        error_of([&] { parse_size("--size", text); }),
        "--size=" + text + ": give WIDTHxHEIGHT in pixels, each from 1 to 1,000,000, for instance 1280x720");
  }
}

}  // namespace
}  // namespace harness
