// harness/google_benchmark/contention_json.h: where threads waited, in a run's JSON.
#pragma once

#include <string>
#include <vector>

#include "harness/row/row.h"

namespace harness {

/// Adds to a file of Google Benchmark's, at its end, what the rows' contention is, which has no place among
/// counters: "contention": {ROW: {"sites": […], "world_stops": […]}}. Nothing where no row has any. `json`
/// ends with the object's "}".
void insert_contention(std::string& json, const std::vector<Row>& rows);

}  // namespace harness
