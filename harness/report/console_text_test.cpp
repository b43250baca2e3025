// harness/report/console_text_test.cpp: a line that is wider than the screen, a column
// that is lost with it, a name that nobody can read.
#include "harness/report/console_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "harness/report/terminal.h"

namespace harness {
namespace {

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, columns_of(line));
  return widest;
}

/// A table with a name and `columns` more, each of 10 columns; every second of those belongs to the one
/// before.
Table wide_table(std::size_t columns) {
  Table table{.title = "names", .columns = {{.key = "name"}}, .rows = {{{"a"}}}};
  for (std::size_t i = 0; i < columns; ++i) {
    table.columns.push_back(
        {.key = std::to_string(i), .title = "c" + std::to_string(i), .joined = i % 2 == 1});
    table.rows[0].push_back({"cell " + std::to_string(10000 + i)});
  }
  return table;
}

TEST(TableText, AlignsColumnsAndLeavesNoBlanksAtTheEnd) {
  const Table table{.columns = {{.key = "a"}, {.key = "b", .right = true}, {.key = "c"}},
                    .rows = {{{"a"}, {"µµµ"}, {"x"}}, {{"bbb"}, {""}, {"y"}}, {{"c"}, {"µ"}}}};
  EXPECT_EQ(table_text(table, 2, {}),
            "  a    µµµ  x\n"
            "  bbb       y\n"
            "  c      µ\n");
}

TEST(TableText, DoesNotCountColoursAsColumns) {
  const Table table{.columns = {{.key = "a"}, {.key = "b"}},
                    .rows = {{{"a", Style::bad}, {"x"}}, {{"bb"}, {"y"}}}};
  EXPECT_EQ(table_text(table, 0, {.color = true}), "\033[31ma\033[0m   x\nbb  y\n");
}

TEST(TableText, ComesInBandsThatFitWithTheKeptColumnsInEach) {
  const std::string text = table_text(wide_table(6), 2, {.width = 40});
  EXPECT_EQ(text,
            "  names  c0          c1\n"
            "  a      cell 10000  cell 10001\n"
            "\n"
            "  names  c2          c3\n"
            "  a      cell 10002  cell 10003\n"
            "\n"
            "  names  c4          c5\n"
            "  a      cell 10004  cell 10005\n");
  EXPECT_EQ(widest_line(table_text(wide_table(6), 2, {.width = 100})), 7U + 6 * 12);
}

TEST(TableText, CutsWhatDoesNotFitAlone) {
  for (const std::size_t width : {12U, 20U, 30U})
    EXPECT_LE(widest_line(table_text(wide_table(6), 2, {.width = width})), width);
}

/// A comparison of two interpreters: a value, and a value, a ratio and a verdict that belong together.
Table compared(const std::string& name, const std::string& label) {
  return {.columns = {{.key = "name"},
                      {.key = "a", .title = label},
                      {.key = "b", .title = "b"},
                      {.key = "ratio", .joined = true},
                      {.key = "verdict", .joined = true}},
          .rows = {{{"python"}, {"26.1 ms"}, {"24.0 ms"}, {"0.918 [0.871, 0.969]"}, {"faster"}},
                   {{name}, {"1.64 ms"}, {"1.62 ms"}, {"0.987 [0.934, 1.043]"}, {"inconclusive"}}},
          .kept = 2};
}

TEST(TableText, NeverCutsAName) {
  EXPECT_EQ(table_text(compared("processes/threads:2/start:fork", "a"), 2, {.width = 80}),
            "                            a        b\n"
            "  python                    26.1 ms  24.0 ms  0.918 [0.871, 0.969]  faster\n"
            "  processes/threads:2/start:fork\n"
            "                            1.64 ms  1.62 ms  0.987 [0.934, 1.043]  inconclusive\n");
  for (const std::size_t width : {10U, 40U, 60U, 80U, 100U}) {
    const std::string name = "processes/threads:2/start:forkserver/of_a_function_with_a_long_name";
    const std::string text = table_text(compared(name, "a"), 2, {.width = width});
    EXPECT_NE(text.find("  " + name + "\n"), std::string::npos) << text;
  }
}

TEST(TableText, NeverCutsWhatStandsAboveAColumn) {
  EXPECT_EQ(table_text(compared("python_threads", "/home/somebody/before/result.json"), 2, {.width = 80}),
            "                  /home/somebody/be  b\n"
            "                  fore/result.json\n"
            "  python          26.1 ms            24.0 ms  0.918 [0.871, 0.969]  faster\n"
            "  python_threads  1.64 ms            1.62 ms  0.987 [0.934, 1.043]  inconclusive\n");
  Table wide = compared("python", "a");
  wide.title = "times faster than its own one thread";
  const std::string text = table_text(wide, 2, {.width = 80});
  EXPECT_TRUE(text.starts_with("  times faster than its own one thread\n")) << text;
}

TEST(Wrapped, BreaksBetweenWords) {
  EXPECT_EQ(wrapped("one two three", 2, {.width = 9}), "  one two\n  three\n");
  EXPECT_EQ(wrapped("image:  a  b.png", 0, {.width = 16}), "image:  a  b.png\n");  // which fits, as it is
  EXPECT_EQ(wrapped("incomprehensible word", 0, {.width = 6}), "incomprehensible\nword\n");
}

TEST(ConsoleText, IsSectionsThenNotes) {
  const Document document{.sections = {{.title = "countdown",
                                        .note = "(why)",
                                        .tables = {wide_table(1)},
                                        .sentences = {"It shows."}}},
                          .notes = {"a note"}};
  EXPECT_EQ(console_text(document, {}),
            "\ncountdown  (why)\n  names  c0\n  a      cell 10000\n  It shows.\n\na note\n");
}

}  // namespace
}  // namespace harness
