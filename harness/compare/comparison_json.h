// harness/compare/comparison_json.h: a comparison as programs read it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/compare/comparison.h"

namespace harness {

/// One object: the settings, `facts` (for instance the seed), the labels, and of each row its cells in the
/// order of the labels. What a cell has not is absent.
std::string comparison_json(const Comparison& comparison,
                            const std::vector<std::pair<std::string, std::string>>& facts);

/// A comparison with what its file says besides.
struct StoredComparison {
  Comparison comparison;
  std::map<std::string, std::string> facts;
};

/// What comparison_json() wrote into `file`, of which this is the text. What a file leaves out is absent: the
/// rounding of standard errors, and how many iterations a cell's work was. Throws UserError, which names the
/// file, where it is none.
StoredComparison stored_comparison_of(const std::string& text, const std::filesystem::path& file);

/// What --fail-if=slower:PERCENT says: 3 where a cell's time is shown to exceed the first interpreter's by
/// more than `slower` (0.05: 5 %), else 4 where one may and may not, where a row of the first interpreter's
/// is missing or failed at another, where rounds are missing of what was put together from parts, or where
/// nothing is compared; else 0.
int fail_if_status(const Comparison& comparison, double slower);

}  // namespace harness
