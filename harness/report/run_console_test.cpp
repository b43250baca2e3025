// harness/report/run_console_test.cpp: a line that is wider than the terminal, a heading that comes twice.
#include "harness/report/run_console.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "harness/report/terminal.h"
#include "harness/row/test_rows.h"

namespace harness {
namespace {

std::vector<Row> rows() {
  std::vector<Row> rows{timed_row("countdown/python/threads:1", {0.1, 0.1}),
                        timed_row("countdown/python_threads/threads:2", {0.2, 0.2}),
                        untimed_row("countdown/cython/threads:1", "does not apply: it needs Cython"),
                        untimed_row("countdown/cython/threads:2", "does not apply: it needs Cython"),
                        untimed_row("countdown/mine/threads:1", "it cannot be loaded"),
                        timed_row("sum/native/threads:1", {0.001, 0.001})};
  rows[1].counters = {
      {"speedup", 0.5}, {"gil_wait_share", 0.5}, {"gil_held_share", 0.99}, {"cpu_per_wall", 1}};
  return rows;
}

std::string shown(std::size_t width, const std::vector<Row>& all = rows(), bool accounts = false) {
  std::vector<RowId> ids;
  for (const Row& row : all) ids.push_back(row.id);
  std::ostringstream out;
  RunConsole console(out, {.width = width, .accounts = accounts}, RunColumns(), ids, {});
  for (const Row& row : all) console.show(row);
  console.finish();
  return out.str();
}

TEST(RunConsole, ShowsRowsUnderTheirSectionsWithOneHeading) {
  EXPECT_EQ(shown(100),
            R"(                                time    spread  speed-up
countdown
  python/threads:1            100 ms    0.00 %
  python_threads/threads:2    200 ms    0.00 %   0.500 ×  GIL wait 50.0 %, 1.00 cores
  cython/threads:1          it needs Cython
  mine/threads:1            failed: it cannot be loaded
  2 Python threads took 2.00 × as long as one: the GIL was held 99.0 % of the time, and each thread
  waited for 50.0 % of it.

sum
  native/threads:1           1.00 ms    0.00 %
)");
}

TEST(RunConsole, KeepsTheStoryAndTheCommandWholeOnATerminalOf80Columns) {
  std::vector<Row> all{
      timed_row("grayscale/python/threads:1", {0.1, 0.1}),
      timed_row("grayscale/processes/threads:2/start:forkserver", {0.05, 0.05}),
      untimed_row("grayscale/cython/threads:1", "does not apply: it needs Cython"),
      untimed_row("grayscale/cuda_read3_write1/threads:1/transfer:none", "does not apply: no device")};
  all[1].counters = {{"speedup", 2}, {"gil_wait_share", 0.5}, {"cpu_per_wall", 1}};
  all[2].mend = "/usr/local/bin/python3.14 -m pip install cython setuptools";
  EXPECT_EQ(shown(80, all), R"(                                    time    spread  speed-up
grayscale
  python/threads:1                100 ms    0.00 %
  processes/threads:2/start:forkserver
                                 50.0 ms    0.00 %    2.00 ×  GIL wait 50.0 %
  cython/threads:1
    it needs Cython: /usr/local/bin/python3.14 -m pip install cython setuptools
  cuda_read3_write1/threads:1/transfer:none  no device
  processes on 2 threads was 2.00 × as fast as pure Python.
)");
}

/// A row that does not apply, with the command that changes that.
Row mendable_row(const std::string& name, const std::string& reason, const std::string& mend) {
  Row row = untimed_row(name, "does not apply: " + reason + "; to get it: " + mend);
  row.mend = mend;
  return row;
}

TEST(RunConsole, SaysOnOneLineWhatARowNeedsAndHowToGetIt) {
  const std::string newer = "--python=\"$(harness/get_cpython.sh 3.14.7)/bin/python3\"";
  const std::vector<Row> all{
      timed_row("countdown/processes/threads:2/start:forkserver", {0.05, 0.05}),
      mendable_row("countdown/subinterpreters/threads:1", "it needs 3.12 (own GILs)", newer),
      mendable_row("countdown/interpreter_pool/threads:2", "it needs 3.14 (an executor)", newer),
      mendable_row("countdown/cython/threads:1", "it needs Cython (No module named 'Cython')",
                   "python3 -m pip install cython")};
  EXPECT_EQ(shown(100, all), R"(                                            time    spread  speed-up
countdown
  processes/threads:2/start:forkserver   50.0 ms    0.00 %
  subinterpreters/threads:1  it needs 3.12: --python="$(harness/get_cpython.sh 3.14.7)/bin/python3"
  interpreter_pool/threads:2  it needs 3.14: --python="$(harness/get_cpython.sh 3.14.7)/bin/python3"
  cython/threads:1                      it needs Cython: python3 -m pip install cython
)");
  EXPECT_EQ(shown(80, all), R"(                                    time    spread  speed-up
countdown
  processes/threads:2/start:forkserver
                                 50.0 ms    0.00 %
  subinterpreters/threads:1
    it needs 3.12: --python="$(harness/get_cpython.sh 3.14.7)/bin/python3"
  interpreter_pool/threads:2
    it needs 3.14: --python="$(harness/get_cpython.sh 3.14.7)/bin/python3"
  cython/threads:1              it needs Cython: python3 -m pip install cython
)");
}

std::vector<Row> rows_with_an_account() {
  std::vector<Row> rows{timed_row("sum/python_threads/threads:2", {0.2, 0.2}),
                        timed_row("sum/openmp/threads:2", {0.1, 0.1})};
  rows[0].counters = {{"account_useful", 0.5}, {"account_slower", 0.25}, {"account_idle", 0.25}};
  rows[1].remarks = {"no account (threads of its own)"};
  return rows;
}

TEST(RunConsole, DrawsWhereTheTimeOfThreadsWent) {
  EXPECT_EQ(shown(100, rows_with_an_account(), true),
            R"(                                time    spread  speed-up
sum
  python_threads/threads:2    200 ms    0.00 %            slower CPU 25.0 %
  openmp/threads:2            100 ms    0.00 %

  where the threads' time went                                            █ useful  ▓ slower  · idle
  python_threads/threads:2      ████████████████████▓▓▓▓▓▓▓▓▓▓··········      50 %      25 %    25 %
  no account of openmp/threads:2: threads of its own

)");
  EXPECT_EQ(shown(100, rows_with_an_account(), false).find("went"), std::string::npos);
}

TEST(RunConsole, IsNeverWiderThanTheTerminalButForANameThatIs) {
  const std::vector<std::string> names{"  python_threads/threads:2", "  where the threads' time went"};
  for (const std::size_t width : {20U, 40U, 60U, 80U, 100U, 200U}) {
    std::istringstream lines(shown(width) + shown(width, rows_with_an_account(), true));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_TRUE(columns_of(line) <= width || std::ranges::find(names, line) != names.end()) << line;
    }
  }
}

}  // namespace
}  // namespace harness
