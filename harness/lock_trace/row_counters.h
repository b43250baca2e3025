// harness/lock_trace/row_counters.h: the iterations of one row, as what the row shows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/lock_trace/analysis.h"

namespace harness::lock_trace {

/// Adds up iterations: add() each, then read. By one thread at a time.
class RowCounters {
 public:
  void add(Analysis iteration);

  /// Empty if every iteration so far passed the self-check; else what the first that did not said.
  const std::string& failure() const { return failure_; }

  /// Names and values in the order of the results' documentation; what does not exist is absent:
  ///
  ///   a mean per iteration, over all threads
  ///     lock_parks, lock_park_ns, lock_spins, lock_spin_ns, lock_bursts, lock_bursts_parked, world_stops,
  ///     world_stop_ns, semaphore_waits, lock_dropped_events
  ///   over all iterations at once; absent where there was none
  ///     lock_park_max_ns, lock_park_p99_ns, world_stop_max_ns, world_stop_p99_ns
  ///
  /// Nothing where nothing was added. Only lock_dropped_events if an iteration failed the self-check.
  std::vector<std::pair<std::string, double>> counters() const;

  /// What happened where, in all iterations.
  const std::map<StackNumber, SiteUse>& sites() const { return sites_; }
  /// All stops of all iterations.
  const std::vector<WorldStop>& stops() const { return stops_; }
  std::size_t iterations() const { return iterations_; }

 private:
  std::size_t iterations_ = 0;
  std::vector<std::int64_t> parks_ns_;
  std::uint64_t yields_ = 0;
  std::int64_t spin_ns_ = 0;
  std::uint64_t bursts_ = 0;
  std::uint64_t bursts_parked_ = 0;
  std::uint64_t semaphore_waits_ = 0;
  std::uint64_t dropped_events_ = 0;
  std::map<StackNumber, SiteUse> sites_;
  std::vector<WorldStop> stops_;
  std::string failure_;
};

}  // namespace harness::lock_trace
