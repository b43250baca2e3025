// harness/report/account_table_test.cpp: a bar that shows a part that is not there, or is longer than others.
#include "harness/report/account_table.h"

#include <gtest/gtest.h>

#include "harness/report/terminal.h"
#include "harness/row/test_rows.h"

namespace harness {
namespace {

Row row_with(std::map<std::string, double> counters,
             const std::string& name = "sum/python_threads/threads:2") {
  Row row = timed_row(name, 1);
  row.counters = std::move(counters);
  return row;
}

TEST(AccountBar, HasOfEachPartAsManyColumnsAsItsShare) {
  EXPECT_EQ(
      account_bar(row_with({{"account_useful", 0.5}, {"account_slower", 0.3}, {"account_idle", 0.2}}), 10),
      "█████▓▓▓··");
}

TEST(AccountBar, IsNoLongerThanItsWidthWhateverThePartsAddUpTo) {
  const auto columns = [](double useful, double slower, double idle) {
    const Row row =
        row_with({{"account_useful", useful}, {"account_slower", slower}, {"account_idle", idle}});
    return columns_of(account_bar(row, 20));
  };
  EXPECT_EQ(columns(0.333, 0.333, 0.334), 20U);
  EXPECT_EQ(columns(1.1, -0.12, 0.02), 20U) << "a negative part has no column";
}

std::vector<std::string> shown_in(const std::vector<TableCell>& cells) {
  std::vector<std::string> texts;
  for (const TableCell& cell : cells) texts.push_back(cell.text);
  return texts;
}

TEST(AccountTable, HasTheRowsThatHaveAnAccountAndAColumnForEachPartThatOneHas) {
  const Table table = account_table({row_with({{"account_idle", 0.2}}, "sum/python/threads:1"),
                                     row_with({{"account_useful", 0.501},
                                               {"account_slower", -0.021},
                                               {"account_gil_wait", 0.51},
                                               {"account_idle", 0.014},
                                               {"account_baseline_interval", 0.03}})},
                                    0);
  std::vector<std::string> titles;
  for (const Column& column : table.columns) titles.push_back(column.title);
  EXPECT_EQ(titles, (std::vector<std::string>{"", "", "█ useful", "▓ slower", "▒ GIL wait"}));
  ASSERT_EQ(table.rows.size(), 1U);
  EXPECT_EQ(shown_in(table.rows[0]),
            (std::vector<std::string>{"python_threads/threads:2", "█████▒▒▒▒▒", "50 ± 2 %", "-2 %", "51 %"}));
}

TEST(AccountTable, GivesTheBarWhatIsLeft) {
  const std::vector<Row> rows{row_with({{"account_useful", 1}})};
  const auto bar = [&](std::size_t width) { return columns_of(account_table(rows, width).rows[0][1].text); };
  EXPECT_EQ(bar(20), 10U);
  EXPECT_EQ(bar(65), 65U - std::size("where the threads' time went") + 1 - 2 - std::size("x useful") + 1 - 2);
  EXPECT_EQ(bar(300), 40U);
}

TEST(AccountTable, HasNoRowsWhereNoneHasAnAccount) {
  EXPECT_TRUE(account_table({row_with({{"account_blocked", 1}})}, 100).rows.empty());
}

TEST(RowsWithoutAccount, AreNamedOnceForEachReason) {
  std::vector<Row> rows{timed_row("sum/openmp/threads:2", 1), timed_row("sum/openmp/threads:4", 1),
                        timed_row("sum/python_threads/threads:2", 1), timed_row("sum/python/threads:1", 1)};
  rows[0].remarks = rows[1].remarks = {"no account (threads of its own)"};
  rows[2].remarks = {"no GIL", "no account (an iteration takes less than 1 ms)"};
  EXPECT_EQ(rows_without_account(rows),
            (std::vector<std::string>{
                "no account of openmp/threads:2, openmp/threads:4: threads of its own",
                "no account of python_threads/threads:2: an iteration takes less than 1 ms"}));
}

}  // namespace
}  // namespace harness
