// harness/report/contention_tables_test.cpp: places that are shown where they should not be, or not where
// they should.
#include "harness/report/contention_tables.h"

#include <gtest/gtest.h>

#include "harness/row/test_rows.h"

namespace harness {
namespace {

/// A row of 1 ms on two threads that lost `lost_ns` to a dict's lock and a hundredth of a percent elsewhere.
Row contended(int threads, double lost_ns) {
  Row row = timed_row("countdown/python_threads/threads:" + std::to_string(threads), 1e-3);
  row.contention = {
      .sites = {{.what = "a dict's lock",
                 .stack = {"_PyMutex_LockTimed", "_PyCriticalSection_BeginSlow", "_PyDict_SetItem_Take2",
                           "dict_ass_sub", "PyObject_SetItem"},
                 .parks = 1234,
                 .spins = 50000,
                 .park_ns = lost_ns / 2,
                 .spin_ns = lost_ns / 2},
                {.what = "a list's lock", .stack = {"list_append"}, .park_ns = lost_ns / 10000}},
      .lost_ns = lost_ns};
  return row;
}

std::vector<std::string> texts(const std::vector<TableCell>& cells) {
  std::vector<std::string> texts;
  for (const TableCell& cell : cells) texts.push_back(cell.text);
  return texts;
}

TEST(ContentionTables, SayWhereAndHowMuchOfAllThreadsTime) {
  const auto tables = contention_tables({contended(2, 500e3)});
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_EQ(tables[0].title, "2 threads waited for");
  ASSERT_EQ(tables[0].rows.size(), 1U);
  EXPECT_EQ(texts(tables[0].rows[0]),
            (std::vector<std::string>{"a dict's lock", "500 µs", "25.0 %", "1,234", "50,000",
                                      "_PyDict_SetItem_Take2 < dict_ass_sub"}));
}

TEST(ContentionTables, AreOfTheRowThatLostMost) {
  const auto tables = contention_tables({contended(2, 500e3), contended(4, 900e3)});
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_EQ(tables[0].title, "4 threads waited for");
}

TEST(ContentionTables, OfARowOnOneThreadNameIt) {
  Row row = contended(1, 500e3);
  row.id = parse_row_id("countdown/python/threads:1");
  EXPECT_EQ(contention_tables({row}).at(0).title, "python/threads:1 waited for");
}

TEST(ContentionTables, AreNoneWhereHardlyAnythingWasLost) {
  EXPECT_TRUE(contention_tables({contended(2, 10e3)}).empty());
  EXPECT_TRUE(contention_tables({timed_row("countdown/python/threads:1", 1)}).empty());
  EXPECT_TRUE(contention_tables({untimed_row("countdown/python_threads/threads:2", "failed")}).empty());
}

TEST(ContentionTables, HaveTheStopsOfTheWorld) {
  Row row = timed_row("countdown/python_threads/threads:2", 1e-3);
  row.contention.stops = {{.why = "garbage collection",
                           .requester = "team 0",
                           .last = "team 1",
                           .stops = 3,
                           .stopping_ns = 10e3,
                           .stopped_ns = 200e3,
                           .longest_ns = 300'000}};
  const auto tables = contention_tables({row});
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_EQ(texts(tables[0].rows[0]), (std::vector<std::string>{"garbage collection", "3", "10.0 µs",
                                                                "200 µs", "300 µs", "team 0", "team 1"}));
}

}  // namespace
}  // namespace harness
