// harness/compare/looks.h: when a comparison that may end early looks at what it has, and what that costs.
//
// A comparison that looks at the data again and again until it pleases shows differences where there are
// none: each look is another chance to be wrong. So the doubt that is allowed is spent in parts, one a look
// (P. Armitage, C. K. McPherson and B. C. Rowe, "Repeated significance tests on accumulating data", J. R.
// Statist. Soc. A 132 (1969), for the problem; K. K. G. Lan and D. L. DeMets, "Discrete sequential boundaries
// for clinical trials", Biometrika 70 (1983), for spending). The parts sum to no more than 1, and by Boole's
// inequality that holds whatever the looks have to do with one another.
//
// A quarter is spent by the number of looks: look k gets 1/(k(k+1)) of it, a half, a sixth, a twelfth, …, for
// what is clear at once, and for looks after a budget that was raised. Three quarters are spent by how much
// of the budget is: its third power by then (K. Kim and D. L. DeMets, "Design and analysis of group
// sequential tests based on the type I error spending rate function", Biometrika 74 (1987)), so that most is
// left for the last look, which sees most. In the last third of the budget there is none but the last.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "harness/compare/comparison.h"

namespace harness {

/// The round after which look `number` (from 1) is taken: the first after `first_rounds`, each other after
/// half as many rounds again.
int round_of_look(int number, int first_rounds);

/// A look that was taken.
struct TakenLook {
  int rounds = 0;
  double spent = 1;  ///< which part of the budget had been spent by then, from 0 to 1

  bool operator==(const TakenLook&) const = default;
};

/// Which part of the doubt the last of these looks may cost.
double share_of_last(const std::vector<TakenLook>& looks);

/// A comparison whose rows are decided at the first look that decides them, and stay so.
class Looks {
 public:
  /// `taken`: the looks that were taken before a resumption, as taken() had it; they are taken again.
  /// `stored` was run before: the subjects are compared with it and not round by round.
  Looks(const CompareSettings& settings, int first_rounds, std::vector<TakenLook> taken = {},
        std::optional<Subject> stored = {})
      : settings_(settings),
        first_rounds_(first_rounds),
        before_(std::move(taken)),
        stored_(std::move(stored)) {}

  /// Call this after every round, with all that was measured in `rounds` rounds, and which part of the budget
  /// is spent: it looks where a look is due. Returns whether every row is decided or, where
  /// CompareSettings::worse_than asks, one is worse.
  bool after_round(const std::vector<Subject>& subjects, int rounds, double spent);

  /// What is to be reported: with a last look at rounds that no look has seen yet. `spent`: 1, unless the
  /// rounds are to go on at another time.
  Comparison finish(const std::vector<Subject>& subjects, int rounds, double spent = 1);

  /// In their order.
  const std::vector<TakenLook>& taken() const { return taken_; }

 private:
  bool is_due(int rounds, double spent) const;
  void look(const std::vector<Subject>& subjects, TakenLook this_one);
  Comparison compared(const std::vector<Subject>& subjects, double confidence_share) const;

  const CompareSettings settings_;
  const int first_rounds_;
  const std::vector<TakenLook> before_;
  const std::optional<Subject> stored_;
  std::vector<TakenLook> taken_;
  Comparison latest_;
};

}  // namespace harness
