// harness/report/run_console.h: a run on a terminal, row by row as they finish.
#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "harness/report/console_text.h"
#include "harness/report/run_columns.h"
#include "harness/report/run_sentences.h"
#include "harness/row/row.h"

namespace harness {

/// What console_text() shows of a run's Document, but that each row is there as soon as it is finished. Of
/// rows that do not apply for one reason, a line shows all.
class RunConsole {
 public:
  /// `ids` are the rows to come. `out` must outlive this.
  RunConsole(std::ostream& out, const Screen& screen, RunColumns columns, const std::vector<RowId>& ids,
             RanOn on);

  void show(const Row& row);

  /// After the last row.
  void finish();

 private:
  void begin_section(const Row& row);
  std::string name_line(const TableCell& name) const;
  /// A name that is longer than its column has a line of its own.
  std::string lines_of(const Row& row) const;
  std::string accounts() const;

  std::ostream& out_;
  const Screen screen_;
  const RunColumns columns_;
  const RanOn on_;
  Table table_;
  std::vector<std::size_t> widths_;
  bool titles_shown_ = false;
  std::vector<Row> section_;  // its rows so far
};

}  // namespace harness
