// harness/compare/comparison_files.h: a comparison as programs read it: CSV and JSON.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/compare/comparison.h"

namespace harness {

/// A header line, then a line a cell. What a cell has not is empty. RFC 4180.
std::string comparison_csv(const Comparison& comparison);

/// One object: the settings, `facts` (for instance the seed), the labels, and of each row its cells in the
/// order of the labels. What a cell has not is absent.
std::string comparison_json(const Comparison& comparison,
                            const std::vector<std::pair<std::string, std::string>>& facts);

/// What --fail-if=slower:PERCENT says: 3 where a cell's time is shown to exceed the first interpreter's by
/// more than `slower` (0.05: 5 %), else 4 where one may and may not, else 0.
int fail_if_status(const Comparison& comparison, double slower);

}  // namespace harness
