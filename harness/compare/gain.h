// harness/compare/gain.h: how many times faster rows are than others of the same process.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "harness/compare/blocks.h"
#include "harness/row/row.h"
#include "harness/statistics/statistics.h"

namespace harness {

/// How many times faster a row is, an item each, than another row of the same process.
struct Gain {
  double times =
      1;  ///< of several processes the trimmed mean on the logarithms, over machines where there are
  /// Of the logarithm; nothing below two processes. Of stored runs a repetition counts as one.
  std::optional<MeanEstimate> estimate = {};
  std::optional<Interval> interval = {};  ///< of `times`; all those of a comparison hold together

  bool operator==(const Gain& other) const { return times == other.times && interval == other.interval; }
};

/// Adds how many times faster `row` is than `base`, on the logarithm, where that is another row. Rows of a
/// stored run may have done 0 items: then nothing.
void add_gain(const Row* base, const Row& row, std::size_t machine, std::vector<RoundEffect>& gains);

/// What the processes' gains come to, without an interval; nothing where there are none.
std::optional<Gain> gain_of(const std::vector<RoundEffect>& process_gains);

/// Fills in the intervals of those that have an estimate, so that `confidence` holds for all of them
/// together. Two rounds of many rows have intervals that reach from nothing to everything: such a one is left
/// out.
void set_intervals(std::span<Gain* const> gains, double confidence);

}  // namespace harness
