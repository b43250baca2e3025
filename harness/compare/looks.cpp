// harness/compare/looks.cpp: when a comparison that may end early looks at what it has, and what that costs.
#include "harness/compare/looks.h"

#include <algorithm>
#include <cmath>

namespace harness {
namespace {

constexpr double kSpentByNumber = 0.25;
constexpr double kPower = 3;
constexpr double kNoMoreLooks = 2.0 / 3;  // but the last, once so much of the budget is spent

}  // namespace

int round_of_look(int number, int first_rounds) {
  int round = first_rounds;
  for (int look = 1; look < number; ++look) round += std::max(1, round / 2);
  return round;
}

double share_of_last(const std::vector<TakenLook>& looks) {
  const auto number = static_cast<double>(looks.size());
  // With a budget that was raised, a later look may be earlier in it.
  double before = 0;
  for (std::size_t i = 0; i + 1 < looks.size(); ++i) before = std::max(before, looks[i].spent);
  const double by_budget = std::max(0.0, std::pow(looks.back().spent, kPower) - std::pow(before, kPower));
  return kSpentByNumber / (number * (number + 1)) + (1 - kSpentByNumber) * by_budget;
}

bool Looks::after_round(const std::vector<Subject>& subjects, int rounds, double spent) {
  if (!is_due(rounds, spent)) return false;
  look(subjects, {.rounds = rounds, .spent = spent});
  const auto& limit = settings_.worse_than;
  const bool any_worse = limit && std::ranges::any_of(latest_.rows, [&](const ComparedRow& row) {
                           return std::ranges::any_of(row.cells, [&](const Cell& cell) {
                             return row.beyond(cell, *limit) == Beyond::yes;
                           });
                         });
  return any_worse ||
         std::ranges::all_of(latest_.rows, [&](const ComparedRow& row) { return row.decided(settings_); });
}

Comparison Looks::finish(const std::vector<Subject>& subjects, int rounds, double spent) {
  if (taken_.empty() || rounds > taken_.back().rounds) look(subjects, {.rounds = rounds, .spent = spent});
  return latest_;
}

bool Looks::is_due(int rounds, double spent) const {
  if (taken_.size() < before_.size()) return rounds == before_[taken_.size()].rounds;
  return spent <= kNoMoreLooks && rounds >= round_of_look(static_cast<int>(taken_.size()) + 1, first_rounds_);
}

void Looks::look(const std::vector<Subject>& subjects, TakenLook this_one) {
  // One that was taken before a resumption costs what it did then.
  if (taken_.size() < before_.size()) this_one = before_[taken_.size()];
  taken_.push_back(this_one);
  Comparison now = compared(subjects, share_of_last(taken_));
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
