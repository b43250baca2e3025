// harness/compare/comparison.cpp: what several interpreters' processes come to when they are put side by
// side.
#include "harness/compare/comparison.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "harness/row/relations.h"

namespace harness {
namespace {

/// Why processes have no value, each with how many.
using Failures = std::map<std::string, std::size_t>;

/// "crashed (SIGSEGV)", and in how many of the processes where not in all.
std::string counted(const Failures& failures, std::size_t processes) {
  std::string text;
  for (const auto& [why, count] : failures) {
    text += (text.empty() ? "" : "; ") + why;
    if (processes > 1) {
      text += " (" + std::to_string(count) + " of " + std::to_string(processes) + " processes)";
    }
  }
  return text;
}

/// "20000 steps"; empty where the row has no unit.
std::string work_of(const Row& row) {
  const auto items = row.counter(row.traits.item_unit);
  if (!items) return "";
  std::array<char, 400> text{};  // a number has 309 digits before the point at most
  std::snprintf(text.data(), text.size(), "%.0f", *items);
  return text.data() + (" " + row.traits.item_unit);
}

/// The row's value on the measure's scale, where it has one there: 0 has no logarithm.
std::optional<double> scaled(const Measure& measure, const Row* row) {
  if (row == nullptr || !row->ok()) return std::nullopt;
  const std::optional<double> value = measure.value_of(*row);
  if (!value || measure.scale == Scale::difference) return value;
  return *value > 0 ? std::optional(std::log(*value)) : std::nullopt;
}

/// The row of that identity, or null. Processes have the same rows in the same order as a rule, so that
/// `place`, where others have it, is looked at first.
const Row* find_near(const std::vector<Row>& rows, const RowId& id, std::size_t place) {
  return place < rows.size() && rows[place].id == id ? &rows[place] : find_row(rows, id);
}

/// Why the row has no value on the measure's scale.
std::string without_value(const Measure& measure, const Row& row) {
  if (measure.value_of(row)) return "its " + measure.key + " is not above 0";
  if (has_no_break_even(row)) return worded(info_of(kNoBreakEven), *row.counter(kNoBreakEven));
  return "it has no " + measure.key;
}

/// How many processes found no break-even, where no more did than found one, as `with` have; else they are
/// added to the failures.
std::size_t count_no_break_even(const Failures& without, std::size_t with, Failures& failures) {
  std::size_t count = 0;
  for (const auto& [why, processes] : without) count += processes;
  if (count <= with) return count;
  for (const auto& [why, processes] : without) failures[why] += processes;
  return 0;
}

/// What one subject's processes say of the row `id`, before it is compared with another's.
Cell cell_of(const Subject& subject, const RowId& id, std::size_t place, const Measure& measure) {
  Cell cell;
  bool somebodys = false;  // whether a failure is anybody's
  Failures failures, no_break_even;
  std::map<std::string, std::vector<double>> counters;
  std::vector<RoundEffect> scalings, speedups;
  for (const Process& process : subject.processes) {
    const Row* const row = process.failure.empty() ? find_near(process.rows, id, place) : nullptr;
    if (row == nullptr) {
      ++failures[process.failure.empty() ? "it has no such row" : process.failure];
      somebodys = somebodys || !process.failure.empty();
      continue;
    }
    if (!row->ok()) {
      ++failures[stored_message(row->outcome, row->reason)];
      somebodys = somebodys || row->outcome == Outcome::failed;
      continue;
    }
    if (!scaled(measure, row)) {
      ++(has_no_break_even(*row) ? no_break_even : failures)[without_value(measure, *row)];
      continue;
    }
    cell.times_s.push_back(row->median_s());
    cell.values.push_back(*measure.value_of(*row));
    cell.work = work_of(*row);
    for (const auto& [counter, value] : row->counters) counters[counter].push_back(value);
    add_gain(single_threaded(process.rows, *row), *row, process.machine, scalings);
    add_gain(baseline_of(process.rows, *row), *row, process.machine, speedups);
  }
  cell.without_break_even = count_no_break_even(no_break_even, cell.values.size(), failures);
  cell.failure = counted(failures, subject.processes.size());
  if (cell.failed()) cell.outcome = somebodys ? Outcome::failed : Outcome::not_applicable;
  for (const auto& [counter, values] : counters) cell.counters[counter] = median(values);
  cell.scaling = gain_of(scalings);
  cell.speedup = gain_of(speedups);
  return cell;
}

/// By what a row's value differs from another's of the same round. Where their repetitions came side by side,
/// as many of each, it is the median of what they differ by, pair by pair.
std::optional<double> effect_in_round(const Measure& measure, const Row* row, const Row* base,
                                      bool side_by_side) {
  const std::optional<double> value = scaled(measure, row);
  const std::optional<double> base_value = scaled(measure, base);
  if (!value || !base_value) return std::nullopt;
  const bool in_pairs = side_by_side && measure.is_time() && row->times_s.size() == base->times_s.size();
  if (!in_pairs) return *value - *base_value;
  std::vector<double> differences;
  for (std::size_t i = 0; i < row->times_s.size(); ++i) {
    differences.push_back(std::log(row->times_s[i]) - std::log(base->times_s[i]));
  }
  return median(std::move(differences));
}

/// By what the row's values differ in those rounds that both subjects finished.
std::vector<RoundEffect> paired_effects(const Subject& subject, const Subject& first, const ComparedRow& row,
                                        std::size_t place) {
  std::vector<RoundEffect> effects;
  for (const Process& process : subject.processes) {
    const auto other = std::ranges::find(first.processes, process.round, &Process::round);
    if (other == first.processes.end()) continue;
    const std::optional<double> effect =
        effect_in_round(row.measure, find_near(process.rows, row.id, place),
                        find_near(other->rows, row.id, place), process.interleaved && other->interleaved);
    if (effect) effects.push_back({.machine = process.machine, .effect = *effect});
  }
  return effects;
}

std::vector<double> scaled(const std::vector<double>& values, Scale scale) {
  std::vector<double> result;
  for (const double value : values) result.push_back(scale == Scale::ratio ? std::log(value) : value);
  return result;
}

void judge_cell(const ComparedRow& row, Cell& cell, double confidence, double margin) {
  cell.verdict = Verdict::inconclusive;
  if (!cell.effect) return;
  cell.effect_interval = interval_of(*cell.effect, confidence);
  const double limit = limit_of(row.measure.scale, margin);
  cell.verdict = judge(*row.worse(cell), limit);
  if (cell.verdict != Verdict::inconclusive) return;
  const bool of_machines = cell.machines.size() > 1;
  (of_machines ? cell.machines_needed : cell.rounds_needed) =
      values_needed(*cell.effect, of_machines ? cell.machines.size() : cell.compared,
                    half_width_to_decide(cell.effect->mean, limit), confidence);
}

/// Fills in a cell's `effect` and `compared`. `row`, the comparison's at `place`, has the cell of the first
/// subject.
using Compare = std::function<void(const Subject& subject, const Subject& first, Cell& cell,
                                   const ComparedRow& row, std::size_t place)>;

/// Whether a cell of the row is compared with that of the first subject.
bool is_compared(const ComparedRow& row, const Cell& cell) {
  return &cell != &row.cells.front() && !cell.failed() && !row.cells.front().failed() &&
         !cell.times_s.empty();
}

/// Puts one subject after the other beside the first.
class Columns {
 public:
  Columns(std::vector<std::string> labels, const SubjectReader& read, const Compare& compare_cell)
      : labels_(std::move(labels)), read_(read), compare_cell_(compare_cell) {}

  /// Every row once: those that the first process has in its order, then what others have besides.
  std::vector<ComparedRow> rows() {
    // What a row is compared by is what any of its subjects measures. Where a later one is the first to say
    // it, those before it are read once more.
    for (bool again = true; again;) {
      again = false;
      rows_.clear();
      numbers_.clear();
      seen_.clear();
      for (std::size_t i = 0; i < labels_.size(); ++i) again = add(i) || again;
    }
    return std::move(rows_);
  }

 private:
  /// Whether cells of earlier subjects are of another measure than was found now.
  bool add(std::size_t number) {
    Subject other;
    Subject& now = number == 0 ? first_ : other;
    now = read_(number);
    const bool late = find_rows(now);
    for (std::size_t place = 0; place < rows_.size(); ++place) {
      ComparedRow& row = rows_[place];
      row.measure = measures_.contains(row.id) ? measures_.at(row.id) : Measure{};
      for (std::size_t before = row.cells.size(); before < number; ++before)
        row.cells.push_back(cell_of(seen_[before], row.id, place, row.measure));
      row.cells.push_back(cell_beside_first(now, row, place));
    }
    seen_.push_back(without_rows(now));
    return late;
  }

  /// Adds the rows that no subject had before, and what they are compared by where that is no time.
  bool find_rows(const Subject& subject) {
    bool late = false;
    for (const Process& process : subject.processes) {
      for (const Row& row : process.rows) {
        const auto [number, is_new] = numbers_.try_emplace(row.id, rows_.size());
        if (is_new) rows_.push_back({.id = row.id, .measure = {}, .cells = {}});
        if (!row.ok() || measures_.contains(row.id)) continue;
        const Measure measure = measure_of(row);
        if (measure.is_time()) continue;
        measures_.emplace(row.id, measure);
        late = late || std::ranges::any_of(rows_[number->second].cells,
                                           [](const Cell& cell) { return !cell.times_s.empty(); });
      }
    }
    return late;
  }

  Cell cell_beside_first(const Subject& subject, const ComparedRow& row, std::size_t place) const {
    Cell cell = cell_of(subject, row.id, place, row.measure);
    if (row.cells.empty()) return cell;
    const Cell& base = row.cells.front();
    if (!cell.times_s.empty() && cell.work != base.work && !base.times_s.empty()) {
      cell.failure = "its work was " + (cell.work.empty() ? "another" : cell.work) + ", and that of " +
                     labels_.front() + " was " + base.work;
      cell.outcome = Outcome::not_applicable;
    }
    if (is_compared(row, cell)) compare_cell_(subject, first_, cell, row, place);
    return cell;
  }

  /// The subject's processes, which say why a row is not there.
  static Subject without_rows(const Subject& subject) {
    Subject bare{.label = subject.label, .processes = {}};
    for (const Process& process : subject.processes)
      bare.processes.push_back(
          {.round = process.round, .failure = process.failure, .rows = {}, .machine = process.machine});
    return bare;
  }

  const std::vector<std::string> labels_;
  const SubjectReader& read_;
  const Compare& compare_cell_;
  Subject first_;
  std::vector<Subject> seen_;
  std::vector<ComparedRow> rows_;
  std::map<RowId, std::size_t> numbers_;  // of rows_
  std::map<RowId, Measure> measures_;     // of rows that are compared by something else than their time
};

std::vector<Gain*> gains_of(std::vector<ComparedRow>& rows) {
  std::vector<Gain*> gains;
  for (ComparedRow& row : rows) {
    for (Cell& cell : row.cells) {
      for (std::optional<Gain>* const gain : {&cell.scaling, &cell.speedup})
        if (*gain) gains.push_back(&**gain);
    }
  }
  return gains;
}

Comparison compare(const std::vector<std::string>& labels, const SubjectReader& read,
                   const CompareSettings& settings, double confidence_share, const Compare& compare_cell) {
  Comparison comparison{.labels = labels,
                        .rows = Columns(labels, read, compare_cell).rows(),
                        .settings = settings,
                        .cell_confidence = 0,
                        .paired = true,
                        .first_round = 1};
  const double cells = std::max<double>(1, static_cast<double>(comparison.rows.size() * (labels.size() - 1)));
  comparison.cell_confidence = 1 - (1 - settings.confidence) * confidence_share / cells;
  for (ComparedRow& row : comparison.rows) {
    for (Cell& cell : row.cells) {
      if (is_compared(row, cell)) judge_cell(row, cell, comparison.cell_confidence, settings.margin);
    }
  }
  set_intervals(gains_of(comparison.rows), 1 - (1 - settings.confidence) * confidence_share);
  return comparison;
}

Comparison compare(const std::vector<Subject>& subjects, const CompareSettings& settings,
                   double confidence_share, const Compare& compare_cell) {
  std::vector<std::string> labels;
  for (const Subject& subject : subjects) labels.push_back(subject.label);
  return compare(
      labels, [&](std::size_t number) { return subjects[number]; }, settings, confidence_share, compare_cell);
}

std::vector<double> values_of(const std::vector<RoundEffect>& effects) {
  std::vector<double> values;
  for (const RoundEffect& round : effects) values.push_back(round.effect);
  return values;
}

}  // namespace

Comparison compare_paired(const std::vector<Subject>& subjects, const CompareSettings& settings,
                          double confidence_share) {
  return compare(subjects, settings, confidence_share,
                 [](const Subject& subject, const Subject& first, Cell& cell, const ComparedRow& row,
                    std::size_t place) {
                   const std::vector<double> effects = values_of(paired_effects(subject, first, row, place));
                   cell.compared = effects.size();
                   cell.effect = estimate_trimmed_mean(effects);
                 });
}

Comparison compare_blocks(const std::vector<std::string>& labels, const SubjectReader& read,
                          const CompareSettings& settings) {
  Comparison comparison = compare(labels, read, settings, 1,
                                  [](const Subject& subject, const Subject& first, Cell& cell,
                                     const ComparedRow& row, std::size_t place) {
                                    const std::vector<RoundEffect> effects =
                                        paired_effects(subject, first, row, place);
                                    cell.compared = effects.size();
                                    cell.machines = effects_by_machine(effects);
                                    cell.effect = estimate_over_machines(effects);
                                    cell.one_effect_probability = probability_of_one_effect(effects);
                                  });
  for (ComparedRow& row : comparison.rows) {
    for (Cell& cell : row.cells) {
      cell.differs_between_machines =
          cell.one_effect_probability && *cell.one_effect_probability < 1 - comparison.cell_confidence;
    }
  }
  return comparison;
}

Comparison compare_unpaired(const std::vector<Subject>& subjects, const CompareSettings& settings,
                            double confidence_share) {
  Comparison comparison = compare(subjects, settings, confidence_share,
                                  [](const Subject& /*subject*/, const Subject& /*first*/, Cell& cell,
                                     const ComparedRow& row, std::size_t /*place*/) {
                                    const Scale scale = row.measure.scale;
                                    cell.compared = cell.values.size();
                                    cell.effect = estimate_difference(
                                        scaled(cell.values, scale), scaled(row.cells.front().values, scale));
                                  });
  comparison.paired = false;
  return comparison;
}

bool any_failed(const Comparison& comparison) {
  return std::ranges::any_of(comparison.rows, [](const ComparedRow& row) {
    return std::ranges::any_of(row.cells, [](const Cell& cell) { return cell.outcome == Outcome::failed; });
  });
}

}  // namespace harness
