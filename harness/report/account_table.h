// harness/report/account_table.h: the accounts of a section's rows, a bar each.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/report/document.h"
#include "harness/row/row.h"

namespace harness {

/// `share` of `width` columns each, from the first part to the last, "█████▓▓▓··". The parts of a row add up
/// to 1 but for the medians' rounding; one that is negative has no column.
std::string account_bar(const Row& row, std::size_t width);

/// A line for each row that has an account: its name, its bar, and its parts in percent. No rows where none
/// has.
Table account_table(const std::vector<Row>& rows, std::size_t bar_width);

/// Which glyph is what, of the parts that the rows have: "█ useful  ▓ slower". "" where none has an account.
std::string account_legend(const std::vector<Row>& rows);

/// Why rows have none, those on several threads: "no account of openmp/threads:2: threads of its own", one
/// for each reason. Of those withheld there is a warning.
std::vector<std::string> rows_without_account(const std::vector<Row>& rows);

}  // namespace harness
