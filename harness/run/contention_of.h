// harness/run/contention_of.h: what a row's lock trace says of where threads waited, as reports read it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/lock_trace/row_counters.h"
#include "harness/lock_trace/sites.h"
#include "harness/row/contention.h"

namespace harness {

/// Stops of the world, added up by their reasons.
class StopsByReason {
 public:
  void add(const lock_trace::WorldStop& stop);
  /// Most time first, each a mean over so many iterations.
  std::vector<WorldStops> per(double iterations) const;

 private:
  struct Sum {
    WorldStops sum = {};
    std::map<std::string, int> requesters = {};
    std::map<std::string, int> last = {};
  };
  std::map<std::string, Sum> sums_;
};

/// The ten sites with the most lost time, and the stops by their reasons. Stacks that read alike are one
/// site.
Contention contention_of(const lock_trace::RowCounters& counters, lock_trace::Sites& sites);

}  // namespace harness
