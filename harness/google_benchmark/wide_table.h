// harness/google_benchmark/wide_table.h: --format=gbench: Google Benchmark's own table.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <ostream>
#include <sstream>
#include <vector>

#include "harness/row/row.h"

namespace harness {

/// One line a row: the median of its repetitions, with their coefficient of variation as a column; of a row
/// that does not apply, how to get it.
class WideTable : private benchmark::ConsoleReporter {
 public:
  /// `name_width`: of the longest row's name. `out` must outlive this.
  WideTable(std::ostream& out, bool color, std::size_t name_width);

  void show(const Row& row, const std::vector<Run>& runs);

 private:
  const bool color_;
  std::ostringstream discarded_;
};

}  // namespace harness
