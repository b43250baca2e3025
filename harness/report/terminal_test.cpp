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

TEST(PiecesOf, AreTheWholeTextAndNoneEndsWithinALetter) {
  using Pieces = std::vector<std::string>;
  EXPECT_EQ(pieces_of("abcde", 2), (Pieces{"ab", "cd", "e"}));
  EXPECT_EQ(pieces_of("µµµµ", 3), (Pieces{"µµµ", "µ"}));
  EXPECT_EQ(pieces_of("ab", 2), Pieces{"ab"});
  EXPECT_EQ(pieces_of("", 2), Pieces());
  EXPECT_EQ(pieces_of("ab", 0), Pieces());
}

TEST(Paint, DoesNothingWithoutColourOrStyle) {
  EXPECT_EQ(paint("a", Style::bad, true), "\033[31ma\033[0m");
  EXPECT_EQ(paint("a", Style::bad, false), "a");
  EXPECT_EQ(paint("a", Style::plain, true), "a");
}

}  // namespace
}  // namespace harness
