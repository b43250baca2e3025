// harness/compare/looks.cpp: when a comparison that may end early looks at what it has, and what that costs.
#include "harness/compare/looks.h"

#include <algorithm>

namespace harness {

int round_of_look(int number, int first_rounds) {
  int round = first_rounds;
  for (int look = 1; look < number; ++look) round += std::max(1, round / 2);
  return round;
}

bool Looks::after_round(const std::vector<Subject>& subjects, int rounds) {
  if (rounds != round_of_look(looks_ + 1, first_rounds_)) return false;
  look(subjects, rounds);
  return std::ranges::all_of(latest_.rows, &ComparedRow::decided);
}

Comparison Looks::finish(const std::vector<Subject>& subjects, int rounds) {
  if (rounds > seen_rounds_) look(subjects, rounds);
  return latest_;
}

void Looks::look(const std::vector<Subject>& subjects, int rounds) {
  ++looks_;
  seen_rounds_ = rounds;
  Comparison now = compare_paired(subjects, settings_, 1.0 / (looks_ * (looks_ + 1)));
  for (ComparedRow& row : now.rows) {
    const auto before = std::ranges::find(latest_.rows, row.id, &ComparedRow::id);
    // A row that failed since cannot stand on what it was decided by.
    const bool failed = std::ranges::any_of(row.cells, &Cell::failed);
    if (before != latest_.rows.end() && before->decided() && !failed) row = *before;
  }
  latest_ = std::move(now);
}

}  // namespace harness
