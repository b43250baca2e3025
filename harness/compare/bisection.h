// harness/compare/bisection.h: from a comparison to what git bisect asks of a commit.
#pragma once

#include <string>

#include "harness/compare/comparison.h"

namespace harness {

/// What is known of a commit.
enum class Finding {
  good,    ///< every row that both have is shown not to be worse by more than is allowed
  bad,     ///< one is shown to be
  untold,  ///< neither, or a row failed, which says nothing of its speed
};

/// The status by which git bisect run takes it: 0, 1 and 125.
int status_of(Finding finding);

/// A finding, and by what: "a row takes 1.052 [1.041, 1.063] of good's time, which is more than 3 % more".
struct FindingInWords {
  Finding finding = Finding::untold;
  std::string reason;
};

/// Judges the second of a comparison's two subjects, the commit's, beside the first. A row that is shown to
/// be worse counts whatever became of others; one that the first does not have, or that has no meaning there,
/// does not. The limit is that of CompareSettings::worse_than, which is there.
FindingInWords finding_of(const Comparison& comparison);

}  // namespace harness
