// harness/row/account.h: where the time of a row's threads went, and what of it was work.
//
// run/account.h cuts members x wall into what kept the threads and account_cpu, the CPU time that is left. Of
// that, account_useful is what the same items take on one thread: items x CPU time an item of the same
// workload on one thread, by items, so that it does not matter how the work is split or how often it is
// repeated. account_slower is the remainder: the CPU time that the same work takes more on several threads.
// It is negative where that takes less.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/row/counters.h"
#include "harness/row/row.h"

namespace harness {

/// The parts of members x wall, in the order in which they are shown: what was work, then the losses.
std::span<const CounterInfo> account_parts();

/// Whether all parts of `row`'s account are known.
bool has_account(const Row& row);

/// Beyond this part of members x wall, other threads had so much that nothing is said about a row's own.
inline constexpr double kOthersTooMuch = 0.02;

/// The row on one thread that `row`'s CPU time is compared with: the baseline of its workload, where it does
/// what that does, else the same strategy. Null where that did not run or failed, or its CPU time an item is
/// not known, or other threads ran beside it.
const Row* account_base(const std::vector<Row>& rows, const Row& row);

struct CpuSplit {
  double useful;
  double slower;
};

/// What the row on one thread adds to the account of a row on several.
struct AccountRelation {
  std::vector<std::optional<CpuSplit>> splits;  ///< of each repetition; none where its account is withheld
  /// Half of the 95 % interval of the other row's CPU time an item over that, where it is more than 2 %:
  /// account_useful is as uncertain. Nothing below two repetitions.
  std::optional<double> baseline_interval;
};

/// Nothing of a row without account_cpu. No splits where there is no row to compare with.
std::optional<AccountRelation> account_relation(const std::vector<Row>& rows, const Row& row);

/// What the label of a row with an account says where account_base() is null: "no account (why)".
std::string no_account_base(const std::vector<Row>& rows, const Row& row);

/// What of the account's parts is the largest that is not useful, and its share; nothing where none is 5 %
/// and more.
struct LargestLoss {
  std::string_view counter;
  double share;
};
std::optional<LargestLoss> largest_loss(const std::map<std::string, double>& counters);

}  // namespace harness
