// harness/run/ceiling.h: what memory allows a row, timed in turn with it.
//
// What memory allows changes within seconds: with the host's other guests, the clock, where pages lie. A
// ceiling that is timed at another moment is none, so it is timed right before and right after each
// repetition of a row, and where the two disagree nobody knows what it was in between.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/row/row.h"
#include "harness/run/experiment.h"
#include "harness/run/session.h"

namespace harness {

/// A repetition's part of its ceiling, or why nobody knows it; neither where it has no ceiling.
struct OfCeiling {
  std::optional<double> value;  ///< 1: all that memory allows
  std::string withheld;
};

/// All in the same unit, > 0. Withheld where the ceiling changed by more than 2 % meanwhile, or the row came
/// out more than 2 % above it, so that it was none.
OfCeiling of_ceiling(double rate, double ceiling_before, double ceiling_after);

/// What an iteration moves from and to memory; 0 where that is not known.
double bytes_of(const Prepared& prepared);

/// For the main thread, detached: before() and after() around a repetition of a row.
class CeilingInTurn {
 public:
  /// All must outlive this. `interrupted` is asked before each run; true ends it early.
  CeilingInTurn(const std::vector<Experiment>& plan, Session& session, std::function<bool()> interrupted);

  /// Runs the ceiling of `row`, which is prepared, where it has one: the faster one among `rows`, those that
  /// are finished. `iterations`: those of the repetition.
  void before(const Experiment& row, const std::vector<Row>& rows, std::int64_t iterations);

  /// Runs it again. `bytes_per_second`: what the repetition moved. After this the row's output is gone.
  OfCeiling after(double bytes_per_second);

 private:
  const Experiment* ceiling_of_row(const Experiment& row, const std::vector<Row>& rows) const;
  /// Bytes a second; nothing where it failed or was interrupted.
  std::optional<double> rate();

  const std::vector<Experiment>& plan_;
  Session& session_;
  const std::function<bool()> interrupted_;
  const Experiment* row_ = nullptr;
  const Experiment* ceiling_ = nullptr;  // of row_; null where it has none
  std::int64_t iterations_ = 1;
  std::optional<double> latest_;  // that of ceiling_, where nothing else has run since but row_
};

}  // namespace harness
