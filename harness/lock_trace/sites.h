// harness/lock_trace/sites.h: what the stacks of a recording mean.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/lock_trace/event.h"
#include "harness/lock_trace/symbols.h"
#include "harness/lock_trace/waits.h"

namespace harness::lock_trace {

/// A place in CPython where threads wait, or wake others.
struct Site {
  Wait wait;
  std::vector<std::string> stack = {};  ///< as people read it, from the one that waits outwards
  bool starts_world = false;            ///< it wakes those whom a stopped world has kept
  std::string why_started = {};         ///< what the world had been stopped for
};

/// The sites by the numbers of their stacks, named when they are first asked for. By one thread at a time.
class Sites {
 public:
  explicit Sites(WatchedCode code) : symbols_(std::move(code)) {}

  const Site& of(StackNumber stack);

  /// Whether stops of the world can be told from other waits: the functions that stop and start it have
  /// names.
  bool know_stops() { return symbols_.has("stop_the_world") && symbols_.has("start_the_world"); }

 private:
  Symbols symbols_;
  std::map<StackNumber, Site> sites_;
};

/// The site of the functions with these names.
Site site_of(const std::vector<std::string>& names);

}  // namespace harness::lock_trace
