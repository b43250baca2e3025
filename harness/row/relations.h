// harness/row/relations.h: how the rows of one run compare with one another.
#pragma once

#include <string>
#include <vector>

#include "harness/row/row.h"

namespace harness {

/// The row that `row`'s speedup is relative to: the baseline of its workload and size. Null where that did
/// not run or failed.
const Row* baseline_of(const std::vector<Row>& rows, const Row& row);

/// What bounds a row that memory bounds: the fastest ceiling of that memory, of its size, on as many threads.
/// Null where that did not run.
const Row* ceiling_of(const std::vector<Row>& rows, const Row& row);

/// The row that `row`'s scaling is relative to: the same in all but its threads, which are 1. Null where that
/// did not run or failed, or is `row`.
const Row* single_threaded(const std::vector<Row>& rows, const Row& row);

/// A counter that compares a row with another one of the run: the other's item_s() over its own.
struct Relation {
  std::string counter;
  double reference_item_s;
};

/// `speedup`, where the other row is there. None of a row without a time.
std::vector<Relation> relations_of(const std::vector<Row>& rows, const Row& row);

}  // namespace harness
