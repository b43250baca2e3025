// harness/tracer/python_line_test.cpp: tables of locations as CPython writes them, cut, and made up.
#include "harness/tracer/python_line.h"

#include <gtest/gtest.h>

namespace harness::tracer {
namespace {

using namespace std::string_literals;

// def f():      first line 10
//   a           +1, two units, one line
//   b           +1, one unit, short form on the same line, then the long form three lines on
TEST(LineAt, FollowsTheTable) {
  const std::string table =
      "\xd9\x04\x08"s          // one line: +1, 2 units
      "\x80\x11"s              // short: the same line, 1 unit
      "\xf1\x06\x00\x01\x02"s  // long: +3, 2 units
      "\xe8\x01"s              // no columns: -0, 1 unit
      "\xf8"s;                 // no location, 1 unit
  EXPECT_EQ(line_at(table, 10, 0), 11);
  EXPECT_EQ(line_at(table, 10, 1), 11);
  EXPECT_EQ(line_at(table, 10, 2), 11);
  EXPECT_EQ(line_at(table, 10, 3), 14);
  EXPECT_EQ(line_at(table, 10, 4), 14);
  EXPECT_EQ(line_at(table, 10, 5), 14);
  EXPECT_EQ(line_at(table, 10, 6), std::nullopt) << "it has none";
  EXPECT_EQ(line_at(table, 10, 7), std::nullopt) << "beyond";
}

TEST(LineAt, SurvivesWhatIsNoTable) {
  EXPECT_EQ(line_at("", 1, 0), std::nullopt);
  EXPECT_EQ(line_at("\x01\x02\x03", 1, 0), std::nullopt);
  EXPECT_EQ(line_at("\xf1"s, 1, 9), std::nullopt);
  EXPECT_EQ(line_at(std::string(1000, '\x7f'), 1, 0), std::nullopt);
}

TEST(PythonLines, KnowNothingOfMemoryWithoutTheTable) {
  const PythonLines none(0x1000, [](std::uintptr_t, std::size_t) { return ""s; });
  EXPECT_FALSE(none.are_known());
  EXPECT_TRUE(none.frames_of(1).empty());
  const PythonLines other(0x1000, [](std::uintptr_t, std::size_t bytes) { return std::string(bytes, 'x'); });
  EXPECT_FALSE(other.are_known());
  EXPECT_TRUE(other.frames_of(1).empty());
}

// A table of a known version, and nothing but nonsense behind it.
TEST(PythonLines, EndWhereListsDoNot) {
  const PythonLines lines(0x1000, [](std::uintptr_t address, std::size_t bytes) {
    std::string memory(bytes, '\x11');
    if (address == 0x1000) {
      memory.replace(0, 8, "xdebugpy");
      memory.replace(8, 8, "\xf0\x07\x0e\x03\0\0\0\0"s);
    }
    return memory;
  });
  EXPECT_TRUE(lines.are_known());
  EXPECT_TRUE(lines.frames_of(1).empty());
}

TEST(PythonFrame, IsToldWithoutItsFolders) {
  EXPECT_EQ(in_words({.function = "work", .file = "/home/somebody/app.py", .line = 12}), "work (app.py:12)");
  EXPECT_EQ(in_words({.function = "work", .file = "<stdin>", .line = 0}), "work (<stdin>)");
}

TEST(PythonFrame, IsTheLibrarysOrSomebodysOwn) {
  EXPECT_TRUE(is_of_library({.function = "", .file = "/usr/lib/python3.11/json/encoder.py"}));
  EXPECT_TRUE(is_of_library({.function = "", .file = "<frozen importlib._bootstrap>"}));
  EXPECT_FALSE(is_of_library({.function = "", .file = "/usr/lib/python3/dist-packages/yaml.py"}));
  EXPECT_FALSE(is_of_library({.function = "", .file = "/v/lib/python3.14/site-packages/yaml.py"}));
  EXPECT_FALSE(is_of_library({.function = "", .file = "app.py"}));
}

}  // namespace
}  // namespace harness::tracer
