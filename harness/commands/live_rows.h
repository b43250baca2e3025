// harness/commands/live_rows.h: the rows of a run on standard output, as they finish.
#pragma once

#include <optional>
#include <vector>

#include "harness/cli/options.h"
#include "harness/google_benchmark/reporter.h"
#include "harness/google_benchmark/wide_table.h"
#include "harness/report/run_console.h"

namespace harness {

/// Throws UserError where --columns names what no row of `plan` can have.
void check_columns(const Options& options, const std::vector<Experiment>& plan);

/// In the format that was asked for; nothing where that waits for the last row.
class LiveRows {
 public:
  LiveRows(const Options& options, const std::vector<Experiment>& plan, RanOn on);

  void show(const Row& row, const std::vector<RowReporter::Run>& runs);

  /// After the last row.
  void finish();

 private:
  std::optional<RunConsole> console_;
  std::optional<WideTable> table_;
};

}  // namespace harness
