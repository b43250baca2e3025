// harness/report/terminal_test.cpp: a column that does not line up because of a "µ" or a colour.
#include "harness/report/terminal.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

TEST(Padded, CountsColumnsAndNotBytes) {
  EXPECT_EQ(padded("µs", 4), "µs  ");
  EXPECT_EQ(padded("µs", 4, true), "  µs");
  EXPECT_EQ(padded("longer", 4), "longer");
}

TEST(TableText, AlignsColumnsAndLeavesNoBlanksAtTheEnd) {
  EXPECT_EQ(table_text({{{"a"}, {"µµµ"}, {"x"}}, {{"bbb"}, {""}, {"y"}}, {{"c"}, {""}}}, 2, false),
            "  a    µµµ  x\n"
            "  bbb       y\n"
            "  c\n");
}

TEST(TableText, DoesNotCountColoursAsColumns) {
  EXPECT_EQ(table_text({{{"a", kRed}, {"x"}}, {{"bb"}, {"y"}}}, 0, true), "\033[31ma\033[0m   x\nbb  y\n");
}

}  // namespace
}  // namespace harness
