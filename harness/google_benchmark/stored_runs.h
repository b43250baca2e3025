// harness/google_benchmark/stored_runs.h: Google Benchmark's records, read back from its JSON.
#pragma once

#include <string>
#include <vector>

#include "harness/google_benchmark/runs.h"

namespace harness {

/// The records of the row `name` in a result.json of this program, in their order: its repetitions, or the
/// error of each, and the aggregates. Written again they are the same, but for a rounding. None where the
/// text has no such row or is no such JSON.
std::vector<Run> stored_runs(const std::string& json, const std::string& name);

}  // namespace harness
