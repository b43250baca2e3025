// harness/report/csv.h: a Document's data as comma-separated values.
#pragma once

#include <string>

#include "harness/report/document.h"

namespace harness {

/// A header line of the columns' keys, then a line a row. What a row has not is empty. RFC 4180 quoting.
std::string csv_text(const Table& data);

/// The shortest text that reads back as the same number.
std::string csv_number(double value);

}  // namespace harness
