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
  if (!is_due(rounds)) return false;
  look(subjects, rounds);
  const auto& limit = settings_.worse_than;
  const bool any_worse = limit && std::ranges::any_of(latest_.rows, [&](const ComparedRow& row) {
                           return std::ranges::any_of(row.cells, [&](const Cell& cell) {
                             return row.beyond(cell, *limit) == Beyond::yes;
                           });
                         });
  return any_worse ||
         std::ranges::all_of(latest_.rows, [&](const ComparedRow& row) { return row.decided(settings_); });
}

Comparison Looks::finish(const std::vector<Subject>& subjects, int rounds) {
  if (taken_.empty() || rounds > taken_.back()) look(subjects, rounds);
  return latest_;
}

bool Looks::is_due(int rounds) const {
  if (taken_.size() < before_.size()) return rounds == before_[taken_.size()];
  return rounds >= round_of_look(static_cast<int>(taken_.size()) + 1, first_rounds_);
}

void Looks::look(const std::vector<Subject>& subjects, int rounds) {
  taken_.push_back(rounds);
  const auto number = static_cast<double>(taken_.size());
  Comparison now = compared(subjects, 1.0 / (number * (number + 1)));
  for (ComparedRow& row : now.rows) {
    const auto before = std::ranges::find(latest_.rows, row.id, &ComparedRow::id);
    // A row that failed since cannot stand on what it was decided by.
    const bool failed = std::ranges::any_of(row.cells, &Cell::failed);
    if (before != latest_.rows.end() && before->decided(settings_) && !failed) row = *before;
  }
  now.sequential = true;
  latest_ = std::move(now);
}

Comparison Looks::compared(const std::vector<Subject>& subjects, double confidence_share) const {
  if (!stored_) return compare_paired(subjects, settings_, confidence_share);
  std::vector<Subject> all{*stored_};
  all.insert(all.end(), subjects.begin(), subjects.end());
  return compare_unpaired(all, settings_, confidence_share);
}

}  // namespace harness
