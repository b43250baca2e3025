// harness/report/run_sentences.h: what the rows of a workload show, in plain words.
#pragma once

#include <string>
#include <vector>

#include "harness/row/row.h"

namespace harness {

/// The interpreter that rows ran on, as far as sentences tell of it.
struct RanOn {
  bool gil_enabled = true;   ///< what it said of itself
  std::string version = {};  ///< "3.14.7t"; "" where that is not known
};

/// One or two sentences about rows of one workload and size; "" where there is nothing to say.
std::string sentences_of(const std::vector<Row>& rows, const RanOn& on);

}  // namespace harness
