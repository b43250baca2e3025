// harness/google_benchmark/wide_table_test.cpp: a median that is none, a column that is missing.
#include "harness/google_benchmark/wide_table.h"

#include <gtest/gtest.h>

#include <sstream>

#include "harness/google_benchmark/test_records.h"
#include "harness/row/test_rows.h"

namespace harness {
namespace {

class WideTableTest : public testing::Test {
 protected:
  static constexpr const char* kName = "sum/native/threads:1";

  /// What is shown of a row of these runs.
  static std::string shown(const Row& row, const std::vector<Record>& runs, bool color = false) {
    std::ostringstream out;
    WideTable table(out, color, 24);
    table.show(row, runs);
    return out.str();
  }

  /// The line of `text` that begins with the row's name.
  static std::string line(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(kName)) return line;
    }
    return "";
  }
};

TEST_F(WideTableTest, HasOneLineARowWithTheMedianOfItsRepetitions) {
  const std::string text =
      shown(timed_row(kName, {0.004, 0.001, 0.002}), repetitions(kName, {0.004, 0.001, 0.002}));
  EXPECT_NE(line(text).find("       2.00 ms         2.00 ms           10"), std::string::npos) << text;
}

TEST_F(WideTableTest, HasTheSpeedupAndTheVariationInColumns) {
  Row row = timed_row(kName, {0.001, 0.003});
  row.counters = {{"speedup", 4}, {"gil_acquires", 7}};
  std::vector<Record> runs = repetitions(kName, {0.001, 0.003});
  for (Record& run : runs) {
    run.counters["speedup"] = 1;
    run.counters["gil_acquires"] = 7;
  }
  const std::string text = shown(row, runs);
  EXPECT_NE(text.find(" cv_%"), std::string::npos) << text;
  EXPECT_NE(text.find(" speedup"), std::string::npos) << text;
  EXPECT_EQ(text.find("gil_acquires"), std::string::npos) << text;
  EXPECT_TRUE(line(text).ends_with(" 70.71          4")) << text;
}

TEST_F(WideTableTest, HasSharesOfTheGilInPercentUnderOneName) {
  Row row = timed_row(kName, 0.001);
  row.counters = {{"gil_held_share", 0.9994}, {"gil_wait_share", 0.5}};
  std::vector<Record> runs = repetitions(kName, {0.001});
  for (Record& run : runs) {
    for (const auto& [name, value] : row.counters) run.counters[name] = value;
  }
  const std::string text = shown(row, runs);
  EXPECT_NE(text.find(" gil_held_% gil_wait_%"), std::string::npos) << text;
  EXPECT_EQ(text.find("share"), std::string::npos) << text;
  EXPECT_TRUE(line(text).ends_with(" 99.9         50")) << text;
}

TEST_F(WideTableTest, SaysWhyARowFailed) {
  const std::string text = shown(untimed_row(kName, "wrong result: 3"), {failed(kName, "wrong result: 3")});
  EXPECT_NE(line(text).find("ERROR OCCURRED: 'wrong result: 3'"), std::string::npos) << text;
}

TEST_F(WideTableTest, SaysOnOneDimLineHowToGetARowThatDoesNotApply) {
  const std::string reason = "it needs Cython (No module named 'Cython'); to get it: pip install cython";
  Row row = untimed_row(kName, "does not apply: " + reason);
  row.mend = "pip install cython";
  const std::vector<Record> runs{failed(kName, "does not apply: " + reason)};
  EXPECT_EQ(shown(row, runs), "sum/native/threads:1     it needs Cython: pip install cython\n");
  EXPECT_EQ(shown(row, runs, true),
            "\033[2msum/native/threads:1     it needs Cython: pip install cython\033[0m\n");
}

TEST_F(WideTableTest, HasEscapesOnlyWithColour) {
  const Row row = timed_row(kName, 1);
  EXPECT_EQ(shown(row, repetitions(kName, {1}), false).find('\033'), std::string::npos);
  EXPECT_NE(shown(row, repetitions(kName, {1}), true).find('\033'), std::string::npos);
}

}  // namespace
}  // namespace harness
