// harness/report/run_sentences.h: what the rows of a workload show, in plain words.
#pragma once

#include <string>
#include <vector>

#include "harness/row/row.h"

namespace harness {

/// One or two sentences about rows of one workload and size; "" where there is nothing to say. `gil_enabled`
/// is what the interpreter said of itself.
std::string sentences_of(const std::vector<Row>& rows, bool gil_enabled);

}  // namespace harness
