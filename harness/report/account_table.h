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

/// A line for each row that has an account: its name, its bar, and a column in percent for each part that is
/// 2 % of one, whose title is the bar's legend, "█ useful". No rows where none has an account. The bar takes
/// what is left of `width` columns, between 10 and 40.
Table account_table(const std::vector<Row>& rows, std::size_t width);

/// Why rows have none, those on several threads: "no account of openmp/threads:2: threads of its own", one
/// for each reason. Of those withheld there is a warning.
std::vector<std::string> rows_without_account(const std::vector<Row>& rows);

}  // namespace harness
