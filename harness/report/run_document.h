// harness/report/run_document.h: a run's rows as a Document.
#pragma once

#include <string>
#include <vector>

#include "harness/report/document.h"
#include "harness/report/run_columns.h"
#include "harness/report/run_sentences.h"
#include "harness/row/row.h"

namespace harness {

/// A section a workload and size, in the order of the rows; its data has every counter.
Document run_document(const std::vector<Row>& rows, const RunColumns& columns, const RanOn& on);

/// Every row: name, workload, strategy, size, threads, repetitions, the median time of an iteration in
/// seconds, the coefficient of variation, every counter that any row has, the error.
Table run_data(const std::vector<Row>& rows);

}  // namespace harness
