// harness/compare/comparison_document.h: a comparison as a Document.
#pragma once

#include "harness/compare/comparison.h"
#include "harness/report/document.h"

namespace harness {

/// A section a workload: a table whose rows are experiments and whose columns interpreters, with the time and
/// its ratio to the first interpreter's with its interval and verdict; then what each gains by more threads
/// and over plain Python, and what the GIL did. Its data has a row a cell.
Document comparison_document(const Comparison& comparison);

/// A row a cell: name, interpreter, processes, time_s, ratio and its interval, verdict, what that rests on,
/// scaling and speedup with their intervals, of a comparison of several machines on how many it holds and
/// whether they differ, where that is so in how many processes no break-even was found, every counter that any
/// cell has, failure.
Table comparison_data(const Comparison& comparison);

}  // namespace harness
