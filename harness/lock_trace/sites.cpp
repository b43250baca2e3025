// harness/lock_trace/sites.cpp: a stack's addresses, named and judged.
#include "harness/lock_trace/sites.h"

#include "harness/lock_trace/recorder.h"

namespace harness::lock_trace {

Site site_of(const std::vector<std::string>& names) {
  return {.wait = wait_of(names),
          .stack = shown_stack(names),
          .starts_world = starts_the_world(names),
          .why_started = reason_of_stop(names)};
}

const Site& Sites::of(StackNumber stack) {
  const auto known = sites_.find(stack);
  if (known != sites_.end()) return known->second;
  std::vector<std::string> names;
  for (const std::uintptr_t address : addresses_of(stack)) names.push_back(symbols_.name_of(address));
  return sites_.emplace(stack, site_of(names)).first->second;
}

}  // namespace harness::lock_trace
