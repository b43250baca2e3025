// harness/compare/looks.h: when a comparison that may end early looks at what it has, and what that costs.
//
// A comparison that looks at the data again and again until it pleases shows differences where there are
// none: each look is another chance to be wrong. So the doubt that is allowed is spent in parts, one a look
// (P. Armitage, C. K. McPherson and B. C. Rowe, "Repeated significance tests on accumulating data", J. R.
// Statist. Soc. A 132 (1969), for the problem; K. K. G. Lan and D. L. DeMets, "Discrete sequential boundaries
// for clinical trials", Biometrika 70 (1983), for spending). Look k gets 1/(k(k+1)) of it: a half, a sixth, a
// twelfth, … which sum to 1 however many there are, and by Boole's inequality that holds whatever the looks
// have to do with one another.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "harness/compare/comparison.h"

namespace harness {

/// The round after which look `number` (from 1) is taken: the first after `first_rounds`, each other after
/// half as many rounds again.
int round_of_look(int number, int first_rounds);

/// A comparison whose rows are decided at the first look that decides them, and stay so.
class Looks {
 public:
  /// `taken`: after which rounds looks were taken before a resumption, as taken() had it; they are taken
  /// again. `stored` was run before: the subjects are compared with it and not round by round.
  Looks(const CompareSettings& settings, int first_rounds, std::vector<int> taken = {},
        std::optional<Subject> stored = {})
      : settings_(settings),
        first_rounds_(first_rounds),
        before_(std::move(taken)),
        stored_(std::move(stored)) {}

  /// Call this after every round, with all that was measured in `rounds` rounds: it looks where a look is
  /// due. Returns whether every row is decided or, where CompareSettings::worse_than asks, one is worse.
  bool after_round(const std::vector<Subject>& subjects, int rounds);

  /// What is to be reported: with a last look at rounds that no look has seen yet.
  Comparison finish(const std::vector<Subject>& subjects, int rounds);

  /// After which rounds looks have been taken, in their order.
  const std::vector<int>& taken() const { return taken_; }

 private:
  bool is_due(int rounds) const;
  void look(const std::vector<Subject>& subjects, int rounds);
  Comparison compared(const std::vector<Subject>& subjects, double confidence_share) const;

  const CompareSettings settings_;
  const int first_rounds_;
  const std::vector<int> before_;
  const std::optional<Subject> stored_;
  std::vector<int> taken_;
  Comparison latest_;
};

}  // namespace harness
