// harness/report/context.h: the facts that a reader needs to judge a run's numbers.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace harness {

/// Keys and values, in the order in which they are written; no key twice.
using ContextEntries = std::vector<std::pair<std::string, std::string>>;

/// The same by its keys, as result.json has it.
using Context = std::map<std::string, std::string>;

/// "" where the context does not say it.
inline std::string context_value(const Context& context, const std::string& key) {
  const auto found = context.find(key);
  return found == context.end() ? "" : found->second;
}

}  // namespace harness
