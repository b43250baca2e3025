// harness/report/run_columns.h: what a run's tables show of each row.
#pragma once

#include <string>
#include <vector>

#include "harness/report/document.h"
#include "harness/row/row.h"

namespace harness {

/// Throws UserError where no row of a run can have one of `chosen`. `item_units` are those of the run's rows.
void check_columns(const std::vector<std::string>& chosen, const std::vector<std::string>& item_units);

/// The columns that the user chose, or time, spread, speed-up, and what tells the row's story.
class RunColumns {
 public:
  /// `chosen`: names that a row of result.json has; none: the default.
  explicit RunColumns(const std::vector<std::string>& chosen = {});

  /// The first is the row's name.
  const std::vector<Column>& columns() const { return columns_; }

  /// How wide each column's texts get at most, but for the first and the last; so that rows can be shown
  /// before all of them are known.
  const std::vector<std::size_t>& widths() const { return widths_; }

  /// What `row` shows in each column. Where it has no time: why, in the second. A story is as long as
  /// `story_width` columns have room for.
  std::vector<TableCell> cells_of(const Row& row, std::size_t story_width = std::string::npos) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::size_t> widths_;
};

/// Why `row` has no time. Where there is a command that mends it, the text has it, even where it then takes
/// more than `width` columns, and before it as much of the reason as fits.
std::string why_without_time(const Row& row, std::size_t width = std::string::npos);

/// What a row is called within its section: its name without workload and size.
std::string label_of(const RowId& id);

/// What a section's rows have in common: "grayscale 1280x720".
std::string section_of(const RowId& id);

/// What stands behind a section's title, for the workload of `id`.
std::string note_of(const Row& row);

}  // namespace harness
