// harness/start_experiments/break_even_search.h: from which length of a task on two workers beat one thread,
// by times that somebody else takes.
//
// A task is what a script does between two looks at what to do next: here the steps of a loop. Its length is
// the time that a thread takes for it that runs already. Such a thread does two tasks one after the other,
// and is neither woken nor waited for. So its time is that of a call with both tasks, less that of a call
// with nothing to do. Two workers pay where their whole call, the way to them and back included, takes less.
// A call of theirs takes at least what an empty one does: no way pays below half of that.
//
// Both are timed in turn, five blocks of calls each. The tasks grow until the workers are the faster ones in
// nine of ten blocks, of which five have twice the work (by chance, that is 11 in 1,024). From there on they
// shrink until the workers are no longer faster in most blocks, and halving finds where that begins. Most
// blocks, and not nearly all: a length at which both are equally fast must be as likely to be taken for too
// short as for long enough, or each search would find too much.
//
// Cores of one machine may differ in speed, for seconds at a time. Workers that take turns, as threads with a
// GIL do, then win against a thread on the slower core by being on the other, block after block. So the one
// thread is timed on both. To pay surely, workers must win against the core that is faster just then; where
// it begins to pay is told by the mean of the two.
//
// So a search errs about as often to the one side as to the other, and where the break-even lies follows from
// the ranks of several, whatever the distribution of their errors is: below the shortest of six, or above the
// longest, in 2 of 2^6 cases.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

namespace harness {

/// What a call of one thread takes: the median of a block of calls.
struct OneThread {
  double nothing_ns;  ///< with nothing to do
  double one_ns;      ///< with two tasks

  /// What both tasks take on a thread that runs already.
  double both_ns() const { return one_ns - nothing_ns; }
};

/// Blocks that came one after the other.
struct BlockTimes {
  std::vector<OneThread> one;  ///< on each of the cores where it was timed; at least one
  double two_ns;               ///< what a call of two workers takes, a task each

  /// What both tasks take on a thread that runs already: on a core as fast as these are on average, and on
  /// the fastest.
  double both_ns() const;
  double least_both_ns() const;
};

/// Times a block of each with tasks of so many steps, of which one takes about `task_ns`. What it throws, a
/// search throws.
using TimeBlocks = std::function<BlockTimes(std::uint64_t steps, double task_ns)>;

/// The longest task that a search tries is at least so long.
inline constexpr double kLongestTask_ns = 20'000'000;

/// A break-even lies between the longest task that did not pay and the shortest that did.
struct BreakEvenBracket {
  double low_ns = 0;   ///< 0 where the shortest of all paid
  double high_ns = 0;  ///< infinite, like low_ns, where none did

  static BreakEvenBracket none() {
    constexpr double kNever = std::numeric_limits<double>::infinity();
    return {.low_ns = kNever, .high_ns = kNever};
  }
  bool exists() const { return high_ns < std::numeric_limits<double>::infinity(); }
  /// Its geometric middle; high_ns where it has none.
  double middle_ns() const;
};

BreakEvenBracket search_break_even(const TimeBlocks& time);

/// What independent searches come to, however many there were.
struct BreakEvenEstimate {
  std::optional<double> median_ns = {};  ///< absent where more than half found none
  /// The ends of an interval that has the break-even in it with a probability of 96.8 % at least. Absent
  /// below six searches; the one where even the shortest task paid, the other where too many found none.
  std::optional<double> low_ns = {};
  std::optional<double> high_ns = {};
};

BreakEvenEstimate estimate_of(const std::vector<BreakEvenBracket>& found);

/// The interval of at least 96.8 % goes from the search of this rank, from 1, to that of the same rank from
/// above. 0 where there are too few searches.
std::size_t rank_of_interval(std::size_t searches);

}  // namespace harness
