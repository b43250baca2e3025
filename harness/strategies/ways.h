// harness/strategies/ways.h: the table of ways to run a script on several workers.
#pragma once

#include <optional>
#include <vector>

#include "harness/strategies/benchmark.h"
#include "harness/strategies/strategy.h"

namespace harness {

/// In the order of the report: python_threads first, then what has interpreters or processes of its own. They
/// run the workload's script, or `benchmark`.
std::vector<Strategy> ways(const std::optional<Benchmark>& benchmark = {});

/// The table of a workload that has a script: the baseline, ways(), then `others`.
std::vector<Strategy> baseline_ways_and(const std::vector<Strategy>& others);

}  // namespace harness
