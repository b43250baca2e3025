// harness/report/context.h: the facts that a reader needs to judge a run's numbers.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace harness {

/// Keys and values, in the order in which they are written; no key twice.
using ContextEntries = std::vector<std::pair<std::string, std::string>>;

}  // namespace harness
