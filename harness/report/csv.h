// harness/report/csv.h: the rows as comma-separated values.
#pragma once

#include <string>
#include <vector>

#include "harness/row/row.h"

namespace harness {

/// A header line, then a line a row: name, workload, strategy, threads, repetitions, the median time of an
/// iteration in seconds, the coefficient of variation, every counter that any row has, the error. What a row
/// has not is empty. RFC 4180 quoting.
std::string to_csv(const std::vector<Row>& rows);

/// `text` as RFC 4180 wants it: in quotes where it needs them.
std::string csv_quoted(const std::string& text);

/// The shortest text that reads back as the same number.
std::string csv_number(double value);

}  // namespace harness
