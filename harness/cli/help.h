// harness/cli/help.h: the texts of --help around its flags.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/options.h"

namespace harness {

/// What stands before the flags.
std::string help_description();

/// What stands behind them: examples, the workloads and strategies, the exit statuses.
std::string help_footer(const Vocabulary& vocabulary);

/// "a, b, c"
std::string listed(const std::vector<std::string>& names);

}  // namespace harness
