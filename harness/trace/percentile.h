// harness/trace/percentile.h: of many lengths of time, the one that so many do not exceed.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace harness::trace {

/// The nearest-rank percentile: the smallest value that at least `percent` % of the values do not exceed.
/// 0 < percent <= 100. Nothing where there are no values.
std::optional<std::int64_t> percentile(std::vector<std::int64_t> values, double percent);

}  // namespace harness::trace
