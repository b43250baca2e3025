// harness/report/summary.h: what a run shows, in the spirit of the talk's own summary.
#pragma once

#include <string>
#include <vector>

#include "harness/row/row.h"

namespace harness {

/// For each workload: a line a row with its time and how many times faster than pure Python it was, and one
/// plain sentence of what that shows. `gil_enabled` is what the interpreter said of itself.
std::string summarize(const std::vector<Row>& rows, bool gil_enabled, bool color);

}  // namespace harness
