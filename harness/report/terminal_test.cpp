// harness/report/terminal_test.cpp: a column that does not line up because of a "µ", a letter that is cut in
// two.
#include "harness/report/terminal.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

TEST(Padded, CountsColumnsAndNotBytes) {
  EXPECT_EQ(padded("µs", 4), "µs  ");
  EXPECT_EQ(padded("µs", 4, true), "  µs");
  EXPECT_EQ(padded("longer", 4), "longer");
}

TEST(Cut, EndsInAnEllipsisAndNotWithinALetter) {
  EXPECT_EQ(cut("abcd", 4), "abcd");
  EXPECT_EQ(cut("abcde", 4), "abc…");
  EXPECT_EQ(cut("µµµµ", 3), "µµ…");
  EXPECT_EQ(cut("ab", 1), "…");
  EXPECT_EQ(cut("ab", 0), "");
}

TEST(Paint, DoesNothingWithoutColourOrStyle) {
  EXPECT_EQ(paint("a", Style::bad, true), "\033[31ma\033[0m");
  EXPECT_EQ(paint("a", Style::bad, false), "a");
  EXPECT_EQ(paint("a", Style::plain, true), "a");
}

}  // namespace
}  // namespace harness
