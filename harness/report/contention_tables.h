// harness/report/contention_tables.h: where the threads of a workload's widest row waited for each other.
#pragma once

#include <string>
#include <vector>

#include "harness/report/document.h"
#include "harness/row/row.h"

namespace harness {

/// Of the row of `rows` that lost most time to locks or stopped worlds: a table of the places, and one of why
/// the world was stopped. What made less than one percent of it is left to result.json. None where no time
/// was lost.
std::vector<Table> contention_tables(const std::vector<Row>& rows);

/// Of a stack of functions from the one that takes a lock outwards, the first that tell the place.
std::string place_text(const std::vector<std::string>& stack, int most = 2);

}  // namespace harness
