// harness/compare/comparison.h: what several interpreters' processes come to when they are put side by side.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/compare/blocks.h"
#include "harness/compare/gain.h"
#include "harness/compare/measure.h"
#include "harness/compare/verdict.h"
#include "harness/report/context.h"
#include "harness/row/row.h"
#include "harness/statistics/statistics.h"

namespace harness {

/// One finished process: an ordinary run of one interpreter.
struct Process {
  int round = 0;        ///< from 1; 0 where it belongs to none
  std::string failure;  ///< why it gave no rows at all; empty where it did
  std::vector<Row> rows;
  std::size_t machine = 0;  ///< where the rounds are of several: which of them
  /// Whether it took turns with the others of its round, so that its repetitions came beside theirs.
  bool interleaved = false;
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
  Outcome outcome = Outcome::ok;  ///< ok only where every process has timed it
  /// In how many processes no break-even was found, where that is at most half of those that sought one;
  /// where it is more, the cell has `failure`. Such a process has no part in times_s, values and effect.
  std::size_t without_break_even = 0;
  std::string work;                        ///< what an iteration was, where that is known: "20000 steps"
  std::map<std::string, double> counters;  ///< the median over the processes; what was not measured is absent

  /// By what the value differs from the first interpreter's on ComparedRow::measure's scale: the trimmed mean
  /// over the rounds (or the mean over all processes of unpaired runs). Absent for the first interpreter and
  /// below two rounds. A round counts where both interpreters have a value in it. One in which a break-even
  /// was not found has none, and no number is put in its place: the longest task that was tried would be only
  /// a bound, and most such rounds tell of a machine that was busy and not of the interpreter. So the effect
  /// is of rounds in which both were found, and `without_break_even` says how many are not among them.
  std::optional<MeanEstimate> effect;
  std::optional<Interval> effect_interval;  ///< of `effect`, at the confidence that all rows share
  std::optional<Verdict> verdict;           ///< absent for the first interpreter and where nothing was timed
  std::size_t compared = 0;       ///< how many rounds (or processes of this interpreter) it rests on
  std::size_t rounds_needed = 0;  ///< about how many would decide it; 0 where it is decided or unknown

  // Of a comparison that was put together from parts:
  std::vector<MachineEffect> machines;  ///< what `effect` rests on, a machine each
  std::size_t machines_needed = 0;      ///< as rounds_needed, where the effect is of several machines
  std::optional<double> one_effect_probability;  ///< probability_of_one_effect() of its rounds
  bool differs_between_machines = false;         ///< whether that is too small, by the confidence of all rows

  std::optional<Gain> scaling;  ///< over the same strategy on threads:1, see single_threaded()
  std::optional<Gain> speedup;  ///< over the baseline, see baseline_of()

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

  /// On how many of its machines the cell's verdict holds: the machine's own mean lies on that side or, of
  /// `same`, within the margin. 0 where the verdict is inconclusive or there is none.
  std::size_t machines_agreeing(const Cell& cell, double margin) const;
  /// Whether a cell is worse by more than the part `limit` of the first one's value; unknown where nothing
  /// was compared.
  Beyond beyond(const Cell& cell, double limit) const;

  /// Whether more rounds could change nothing: no cell is inconclusive.
  bool decided() const;
  /// Likewise of what `settings` ask.
  bool decided(const CompareSettings& settings) const;
};

/// Which part of a comparison this is; see PlannedPart.
struct ComparisonPart {
  int part = 1;
  int parts = 1;
  int rounds = 1;  ///< of the whole
};

/// A machine that rounds of a comparison ran on.
struct ComparedMachine {
  std::string name;       ///< no two have the same
  std::string cpu_model;  ///< empty where no process says it
  std::size_t rounds = 0;
};

/// How a comparison was put together from its parts.
struct MergedParts {
  std::vector<ComparedMachine> machines;   ///< in the order of the rounds; Process::machine counts them
  int parts = 1;                           ///< of the plan
  int parts_found = 1;                     ///< of which something is there
  int rounds = 0;                          ///< of the plan
  std::vector<int> missing_rounds;         ///< ascending
  std::vector<std::string> warnings = {};  ///< what is missing, and what processes warned of; sentences
  Context context = {};                    ///< what all processes say alike of where they ran
  /// In what machines differ, by its key in the context: what each says, by the machine's name.
  std::map<std::string, std::map<std::string, std::string>> context_differs = {};
};

struct Comparison {
  std::vector<std::string> labels;  ///< the first is what the others are compared with
  std::vector<ComparedRow> rows;
  CompareSettings settings;
  double cell_confidence = 0;  ///< of each interval, so that `settings.confidence` holds for all together
  bool paired = true;          ///< whether ratios were taken round by round
  int first_round = 1;         ///< of those that it rests on; earlier ones were reported before
  bool sequential = false;     ///< whether the same rounds may be looked at again, with more
  std::optional<ComparisonPart> part = {};  ///< where it is one: it judges no row
  std::optional<MergedParts> merged = {};   ///< where it was put together from parts
};

/// Puts subjects side by side whose processes took turns: ratios are taken within each round, a repetition
/// beside a repetition, so that what the machine did to all cancels. `confidence_share` > 0 divides the doubt
/// that is allowed, where this is one look at the data of several (1: the only one). At least one subject.
///
/// The doubt (1 - confidence) is divided by the number of cells with a ratio: Bonferroni's correction, which
/// needs no assumption of how the rows depend on one another.
Comparison compare_paired(const std::vector<Subject>& subjects, const CompareSettings& settings,
                          double confidence_share = 1);

/// The subject of that number of a comparison. It need not live until the next is asked for, but the first is
/// kept; whoever reads may be asked for one several times.
using SubjectReader = std::function<Subject(std::size_t)>;

/// As compare_paired(), of rounds on several machines, which are the blocks of estimate_over_machines(). Each
/// subject is read when it is needed, so that only two are in memory. Comparison::merged is left to be set.
Comparison compare_blocks(const std::vector<std::string>& labels, const SubjectReader& read,
                          const CompareSettings& settings);

/// Puts subjects side by side that ran at other times or on other machines: Welch's t on the logarithms.
/// Likewise otherwise.
Comparison compare_unpaired(const std::vector<Subject>& subjects, const CompareSettings& settings,
                            double confidence_share = 1);

/// Whether a process, or a row of it, failed that should not have.
bool any_failed(const Comparison& comparison);

}  // namespace harness
