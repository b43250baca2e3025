// harness/compare/measure.h: what an experiment is compared by.
#pragma once

#include <optional>
#include <string>

#include "harness/compare/verdict.h"
#include "harness/row/counters.h"
#include "harness/row/row.h"

namespace harness {

/// What the rows of an experiment are compared by: their time or, where that is fixed, what they measure.
struct Measure {
  /// A counter's name; of kTime, seconds an iteration.
  std::string key = kTime;
  Better better = Better::lower;
  Scale scale = Scale::ratio;

  static constexpr const char* kTime = "time_s";

  bool is_time() const { return key == kTime; }
  /// The row's value: the median of its repetitions. Absent where it has none. The row is ok().
  std::optional<double> value_of(const Row& row) const;
  /// "41.2 ms", "54.0 %".
  std::string text(double value) const;
};

/// "lower", "higher".
std::string_view name_of(Better better);

inline constexpr const char* kBreakEven = "break_even_ns";
inline constexpr const char* kNoBreakEven = "no_break_even_ns";

/// Whether the row was to find a break-even, and found none: it has the longest task that was tried instead.
bool has_no_break_even(const Row& row);

/// What the row is to be compared by, also where it has none of that: a break-even that was not found. The
/// row is ok().
Measure measure_of(const Row& row);

}  // namespace harness
