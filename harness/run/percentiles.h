// harness/run/percentiles.h: samples of a row, as counters of it.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "harness/row/counters.h"

namespace harness {

/// Adds NAME_p50_ns, NAME_p90_ns, NAME_p99_ns and NAME_max_ns (nearest rank). Nothing where there are none.
void add_percentiles(Counters& counters, const std::string& name, std::span<const std::int64_t> samples_ns);

}  // namespace harness
