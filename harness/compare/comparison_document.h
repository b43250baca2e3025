// harness/compare/comparison_document.h: a comparison as a Document.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "harness/compare/comparison.h"
#include "harness/report/document.h"
#include "harness/row/row.h"

namespace harness {

/// Throws UserError where no comparison has one of `chosen`: they are columns of comparison.csv but for name
/// and interpreter, of counters those that are among `counters`.
void check_comparison_columns(const std::vector<std::string>& chosen, const std::set<std::string>& counters);

/// The counters that a comparison of interpreters keeps of their processes' rows, with those of the items of
/// workloads, which `item_units` name.
std::set<std::string> kept_counters(const std::vector<std::string>& item_units);

/// The counters that any of its cells has.
std::set<std::string> counters_of(const Comparison& comparison);

/// A section a workload: a table whose rows are experiments and whose columns interpreters, with the time and
/// its ratio to the first interpreter's with its interval and verdict; then what each gains by more threads
/// and over plain Python, and what the GIL did. Its data has a row a cell. `find_traits` says what the rows
/// are, which a comparison knows by their names only. Where columns are `chosen`, which
/// check_comparison_columns() allows, each of them is such a table in place of these.
Document comparison_document(const Comparison& comparison, const FindTraits& find_traits,
                             const std::vector<std::string>& chosen = {});

/// A row a cell: name, interpreter, processes, time_s, ratio and its interval, verdict, what that rests on,
/// scaling and speedup with their intervals, of a comparison of several machines on how many it holds and
/// whether they differ, where that is so in how many processes no break-even was found, every counter that
/// any cell has, failure.
Table comparison_data(const Comparison& comparison);

}  // namespace harness
