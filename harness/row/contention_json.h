// harness/row/contention_json.h: where threads waited, in files.
//
//   {"lost_ns": …,
//    "sites": [{"what", "parks", "park_ns", "spins", "spin_ns", "stack": [FUNCTION, …]}, …],
//    "world_stops": [{"why", "stops", "stopping_ns", "stopped_ns", "longest_ns", "requester", "last"}, …]}
#pragma once

#include <string>
#include <vector>

#include "harness/row/row.h"

namespace harness {

/// The object above. What is not UTF-8 is replaced.
std::string contention_json(const Contention& contention);

/// What an object of contention_json()'s says; its texts are printable. Throws std::runtime_error where
/// `json` is none, or has more than a hundred entries of a kind, or numbers below 0.
Contention parse_contention(const std::string& json);

/// Adds to a file of Google Benchmark's, at its end, what the rows' contention is, which has no place among
/// counters: "contention": {ROW: OBJECT}. Nothing where no row has any. `json` ends with an object's "}".
void insert_contention(std::string& json, const std::vector<Row>& rows);

/// What insert_contention() has added of the row `name`; empty where there is none, or `json` is no such
/// file.
Contention contention_in(const std::string& json, const std::string& name);

}  // namespace harness
