// harness/row/relations.cpp: how the rows of one run compare with one another.
#include "harness/row/relations.h"

#include <algorithm>

namespace harness {

const Row* baseline_of(const std::vector<Row>& rows, const Row& row) {
  const auto found = std::ranges::find_if(rows, [&](const Row& other) {
    return other.traits.baseline && other.ok() && other.id.workload == row.id.workload &&
           other.id.size() == row.id.size();
  });
  return found == rows.end() ? nullptr : &*found;
}

const Row* ceiling_of(const std::vector<Row>& rows, const Row& row) {
  if (row.traits.memory != Memory::bound) return nullptr;
  const Row* best = nullptr;
  for (const Row& other : rows) {
    if (other.traits.memory != Memory::ceiling || !other.ok()) continue;
    if (other.traits.memory_of != row.traits.memory_of) continue;
    if (other.id.size() != row.id.size() || other.id.threads() != row.id.threads()) continue;
    if (best == nullptr || other.item_s() < best->item_s()) best = &other;
  }
  return best;
}

const Row* single_threaded(const std::vector<Row>& rows, const Row& row) {
  if (row.id.threads() == 0 || row.id.value_of("threads") == "1") return nullptr;
  const Row* const base = find_row(rows, row.id.with("threads", "1"));
  return base == nullptr || base == &row || !base->ok() ? nullptr : base;
}

std::vector<Relation> relations_of(const std::vector<Row>& rows, const Row& row) {
  std::vector<Relation> relations;
  if (!row.ok()) return relations;
  if (const Row* const baseline = baseline_of(rows, row)) {
    relations.push_back({"speedup", baseline->item_s()});
  }
  return relations;
}

}  // namespace harness
