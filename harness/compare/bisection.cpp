// harness/compare/bisection.cpp: from a comparison to what git bisect asks of a commit.
#include "harness/compare/bisection.h"

#include <cassert>
#include <cmath>
#include <optional>

#include "harness/compare/cell_text.h"
#include "harness/row/format.h"

namespace harness {
namespace {

/// The row whose interval's bound lies furthest on the worse side of the limit.
class Furthest {
 public:
  Furthest(double Interval::*bound, double limit) : bound_(bound), limit_(limit) {}

  void take(const ComparedRow& row, const Interval& worse) {
    const double distance = worse.*bound_ - limit_of(row.measure.scale, limit_);
    if (row_ != nullptr && distance <= distance_) return;
    row_ = &row;
    distance_ = distance;
  }
  const ComparedRow* row() const { return row_; }

 private:
  double Interval::*bound_;
  double limit_;
  const ComparedRow* row_ = nullptr;
  double distance_ = 0;
};

/// A comparison of two, in words.
class Words {
 public:
  explicit Words(const Comparison& comparison)
      : comparison_(comparison), limit_(*comparison.settings.worse_than) {}

  std::string bad(const ComparedRow& row) const {
    return row.id.name() + " is " + beyond(row.measure.scale) + ": it " + effect(row);
  }

  std::string good(const ComparedRow& nearest) const {
    return "no row is " + beyond(nearest.measure.scale) + "; " + nearest.id.name() + " comes nearest: it " +
           effect(nearest);
  }

  std::string open(const ComparedRow& row) const {
    return "it cannot be told whether " + row.id.name() + " is " + beyond(row.measure.scale) + ": " +
           (cell(row).effect_interval ? "it " + effect(row) + rounds_needed(row)
                                      : "there are fewer than two rounds to compare");
  }

  /// Of a row that was not compared; empty where neither of the two has failed.
  std::string failed(const ComparedRow& row) const {
    for (const std::size_t i : {1U, 0U}) {
      if (row.cells[i].failed()) {
        return comparison_.labels[i] + ", " + row.id.name() + ": " + row.cells[i].failure +
               ", which says nothing of its speed";
      }
    }
    return "";
  }

 private:
  static const Cell& cell(const ComparedRow& row) { return row.cells[1]; }

  /// "slower by more than 3 %"
  std::string beyond(Scale scale) const {
    return (scale == Scale::ratio ? "slower" : "worse") + (" by more than " + limit_text(scale, limit_));
  }

  /// "takes 1.052 [1.041, 1.063] of good's time", or what else the row is compared by.
  std::string effect(const ComparedRow& row) const {
    const std::string text = effect_text(row, cell(row));
    const std::string& first = comparison_.labels[0];
    if (row.measure.is_time()) return "takes " + text + " of " + first + "'s time";
    if (row.measure.scale == Scale::ratio) return "has " + text + " of " + first + "'s " + row.measure.key;
    return "has " + text + " of " + row.measure.key + " beside " + first;
  }

  std::string rounds_needed(const ComparedRow& row) const {
    const double mean = cell(row).effect->mean;
    const double worse = row.measure.better == Better::lower ? mean : -mean;
    const double distance = std::abs(worse - limit_of(row.measure.scale, limit_));
    if (distance == 0) return "";
    const std::size_t rounds =
        values_needed(*cell(row).effect, cell(row).compared, distance, comparison_.cell_confidence);
    return "; about " + counted(rounds, "round") + " in all would tell";
  }

  const Comparison& comparison_;
  const double limit_;
};

}  // namespace

int status_of(Finding finding) {
  constexpr int kSkip = 125;
  return finding == Finding::good ? 0 : finding == Finding::bad ? 1 : kSkip;
}

FindingInWords finding_of(const Comparison& comparison) {
  assert(comparison.labels.size() == 2 && comparison.settings.worse_than);
  const double limit = *comparison.settings.worse_than;
  const Words words(comparison);
  Furthest worst(&Interval::low, limit), nearest(&Interval::high, limit);
  std::string failed, open, not_compared;
  for (const ComparedRow& row : comparison.rows) {
    const Cell& cell = row.cells[1];
    const Beyond beyond = row.beyond(cell, limit);
    if (beyond == Beyond::yes) worst.take(row, *row.worse(cell));
    if (beyond == Beyond::no) nearest.take(row, *row.worse(cell));
    if (beyond != Beyond::unknown) continue;
    const bool is_missed = !row.cells[0].times_s.empty() || row.cells[0].outcome == Outcome::failed ||
                           cell.outcome == Outcome::failed;
    std::string& why = cell.verdict ? open : is_missed ? failed : not_compared;
    if (why.empty()) why = cell.verdict ? words.open(row) : words.failed(row);
  }
  if (worst.row() != nullptr) return {Finding::bad, words.bad(*worst.row())};
  if (!failed.empty()) return {Finding::untold, failed};
  if (!open.empty()) return {Finding::untold, open};
  if (nearest.row() != nullptr) return {Finding::good, words.good(*nearest.row())};
  return {Finding::untold, not_compared.empty() ? "there is no row to compare" : not_compared};
}

}  // namespace harness
