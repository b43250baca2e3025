// harness/compare/comparison.h: what several interpreters' processes come to when they are put side by side.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/compare/measure.h"
#include "harness/compare/statistics.h"
#include "harness/compare/verdict.h"
#include "harness/row/row.h"

namespace harness {

/// One finished process: an ordinary run of one interpreter.
struct Process {
  int round = 0;        ///< from 1; 0 where it belongs to none
  std::string failure;  ///< why it gave no rows at all; empty where it did
  std::vector<Row> rows;
};

/// All processes of one interpreter, or of one stored run, in the order in which they ran.
struct Subject {
  std::string label;
  std::vector<Process> processes;
};

/// How sure a verdict must be.
struct CompareSettings {
  double margin = 0.01;      ///< a difference that is too small to matter, as a part of the value
  double confidence = 0.95;  ///< that not a single verdict of the whole comparison is wrong
  /// What rounds are run for, where that is not every verdict: whether any row is worse by more than this
  /// part of the first one's value.
  std::optional<double> worse_than = {};
};

/// One experiment on one interpreter.
struct Cell {
  std::vector<double> times_s;  ///< an iteration's, a value a process: the median of its repetitions
  std::vector<double> values;   ///< likewise, what the experiment is compared by; empty where that is missing
  std::string failure;  ///< why it has no verdict: what failed, in how many processes; empty otherwise
  Outcome outcome = Outcome::ok;           ///< ok only where every process has timed it
  std::string work;                        ///< what an iteration was, where that is known: "20000 steps"
  std::map<std::string, double> counters;  ///< the median over the processes; what was not measured is absent

  /// By what the value differs from the first interpreter's on ComparedRow::measure's scale: the mean over
  /// the rounds (or over all processes of unpaired runs). Absent for the first interpreter and below two
  /// rounds.
  std::optional<MeanEstimate> effect;
  std::optional<Interval> effect_interval;  ///< of `effect`, at the confidence that all rows share
  std::optional<Verdict> verdict;           ///< absent for the first interpreter and where nothing was timed
  std::size_t compared = 0;       ///< how many rounds (or processes of this interpreter) it rests on
  std::size_t rounds_needed = 0;  ///< about how many would decide it; 0 where it is decided or unknown

  /// How many times faster than the same strategy on threads:1 of the same process: the geometric mean.
  std::optional<double> scaling;

  bool failed() const { return !failure.empty(); }
  /// The geometric mean. At least one time.
  double time_s() const;
};

/// One experiment on every interpreter.
struct ComparedRow {
  RowId id;
  Measure measure;
  std::vector<Cell> cells;  ///< one a label, in their order

  /// Of a cell's values: the geometric mean, of shares the arithmetic one. At least one value.
  double value(const Cell& cell) const;
  /// By what a cell differs: a ratio, or the difference of shares, with its interval.
  std::optional<double> effect(const Cell& cell) const;
  std::optional<Interval> effect_interval(const Cell& cell) const;
  /// The interval of by how much a cell is worse, on the measure's scale.
  std::optional<Interval> worse(const Cell& cell) const;

  /// Whether a cell is worse by more than the part `limit` of the first one's value; unknown where nothing
  /// was compared.
  Beyond beyond(const Cell& cell, double limit) const;

  /// Whether more rounds could change nothing: no cell is inconclusive.
  bool decided() const;
  /// Likewise of what `settings` ask.
  bool decided(const CompareSettings& settings) const;
};

struct Comparison {
  std::vector<std::string> labels;  ///< the first is what the others are compared with
  std::vector<ComparedRow> rows;
  CompareSettings settings;
  double cell_confidence = 0;  ///< of each interval, so that `settings.confidence` holds for all together
  bool paired = true;          ///< whether ratios were taken round by round
  int first_round = 1;         ///< of those that it rests on; earlier ones were reported before
  bool sequential = false;     ///< whether the same rounds may be looked at again, with more
};

/// Puts subjects side by side whose rounds were run in turn: ratios are taken within each round, so that what
/// the machine did to all in that round cancels. `confidence_share` > 0 divides the doubt that is allowed,
/// where this is one look at the data of several (1: the only one). At least one subject.
///
/// The doubt (1 - confidence) is divided by the number of cells with a ratio: Bonferroni's correction, which
/// needs no assumption of how the rows depend on one another.
Comparison compare_paired(const std::vector<Subject>& subjects, const CompareSettings& settings,
                          double confidence_share = 1);

/// Puts subjects side by side that ran at other times or on other machines: Welch's t on the logarithms.
/// Likewise otherwise.
Comparison compare_unpaired(const std::vector<Subject>& subjects, const CompareSettings& settings,
                            double confidence_share = 1);

/// Whether a process, or a row of it, failed that should not have.
bool any_failed(const Comparison& comparison);

}  // namespace harness
