// harness/gil_trace/row_counters.h: the iterations of one row, as the counters that the row shows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/gil_trace/analysis.h"

namespace harness::gil_trace {

/// Adds up iterations: add() each, then read. By one thread at a time.
class RowCounters {
 public:
  void add(const Analysis& iteration);

  /// Empty if every iteration so far passed the self-check; else what the first that did not said.
  const std::string& failure() const { return failure_; }
  std::uint64_t dropped_events() const { return dropped_events_; }

  /// Names and values in the order of the results' documentation; what does not exist is absent:
  ///
  ///   a mean per iteration, over all threads and GILs
  ///     gil_acquires, gil_releases, gil_switches, gil_forced_switches, gil_timeouts, gil_dropped_events
  ///     gil_switches_same_core, gil_switches_other_core   absent where a switch is neither
  ///     gil_wait_ns, gil_held_ns
  ///     gil_held_share    held time over wall time; with several GILs, up to their number
  ///     gil_fairness      Jain's index; absent where nobody held
  ///   over all iterations at once; absent where there was none
  ///     gil_wait_max_ns, gil_wait_p99_ns, gil_handoff_p50_ns, gil_handoff_p99_ns, gil_longest_hold_ns
  ///
  /// Nothing where nothing was added. Only gil_dropped_events if an iteration failed the self-check.
  std::vector<std::pair<std::string, double>> counters() const;

 private:
  std::size_t iterations_ = 0;
  std::int64_t wall_ns_ = 0;
  GilUse use_;  ///< but for the holds, of which there may be millions
  std::int64_t held_ns_ = 0;
  std::optional<std::int64_t> longest_hold_ns_;
  double fairness_sum_ = 0;
  std::size_t fairness_count_ = 0;
  std::uint64_t dropped_events_ = 0;
  std::string failure_;
};

}  // namespace harness::gil_trace
