// harness/compare/comparison.cpp: what several interpreters' processes come to when they are put side by
// side.
#include "harness/compare/comparison.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include "harness/row/relations.h"

namespace harness {
namespace {

double geometric_mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += std::log(value);
  return std::exp(sum / static_cast<double>(values.size()));
}

/// Every row once: those that the first process has in its order, then what others have besides.
std::vector<RowId> rows_of(const std::vector<Subject>& subjects) {
  std::vector<RowId> rows;
  std::set<RowId> known;
  for (const Subject& subject : subjects) {
    for (const Process& process : subject.processes) {
      for (const Row& row : process.rows) {
        if (known.insert(row.id).second) rows.push_back(row.id);
      }
    }
  }
  return rows;
}

/// "crashed (SIGSEGV)", and in how many of the processes where not in all.
std::string counted(const std::map<std::string, std::size_t>& failures, std::size_t processes) {
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

/// What the experiment is compared by: what its rows measure, if any says.
Measure measure_of(const std::vector<Subject>& subjects, const RowId& id) {
  for (const Subject& subject : subjects) {
    for (const Process& process : subject.processes) {
      const Row* const row = find_row(process.rows, id);
      if (row == nullptr || !row->ok()) continue;
      if (Measure measure = measure_of(*row); !measure.is_time()) return measure;
    }
  }
  return {};
}

/// The row's value on the measure's scale, where it has one there: 0 has no logarithm.
std::optional<double> scaled(const Measure& measure, const Row* row) {
  if (row == nullptr || !row->ok()) return std::nullopt;
  const std::optional<double> value = measure.value_of(*row);
  if (!value || measure.scale == Scale::difference) return value;
  return *value > 0 ? std::optional(std::log(*value)) : std::nullopt;
}

/// What one subject's processes say of the row `id`, before it is compared with another's.
Cell cell_of(const Subject& subject, const RowId& id, const Measure& measure) {
  Cell cell;
  bool somebodys = false;  // whether a failure is anybody's
  std::map<std::string, std::size_t> failures;
  std::map<std::string, std::vector<double>> counters;
  std::vector<double> scalings;
  for (const Process& process : subject.processes) {
    const Row* const row = process.failure.empty() ? find_row(process.rows, id) : nullptr;
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
      ++failures[measure.value_of(*row) ? "its " + measure.key + " is not above 0"
                                        : "it has no " + measure.key];
      continue;
    }
    cell.times_s.push_back(row->median_s());
    cell.values.push_back(*measure.value_of(*row));
    cell.work = work_of(*row);
    for (const auto& [counter, value] : row->counters) counters[counter].push_back(value);
    if (const Row* const base = single_threaded(process.rows, *row)) {
      scalings.push_back(base->item_s() / row->item_s());
    }
  }
  cell.failure = counted(failures, subject.processes.size());
  if (cell.failed()) cell.outcome = somebodys ? Outcome::failed : Outcome::not_applicable;
  for (const auto& [counter, values] : counters) cell.counters[counter] = median(values);
  if (!scalings.empty()) cell.scaling = geometric_mean(scalings);
  return cell;
}

/// By what the row's values differ in those rounds that both subjects finished.
std::vector<double> paired_effects(const Subject& subject, const Subject& first, const RowId& id,
                                   const Measure& measure) {
  std::vector<double> effects;
  for (const Process& process : subject.processes) {
    const auto other = std::ranges::find(first.processes, process.round, &Process::round);
    if (other == first.processes.end()) continue;
    const std::optional<double> value = scaled(measure, find_row(process.rows, id));
    const std::optional<double> base = scaled(measure, find_row(other->rows, id));
    if (value && base) effects.push_back(*value - *base);
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
  cell.rounds_needed =
      values_needed(*cell.effect, cell.compared, half_width_to_decide(cell.effect->mean, limit), confidence);
}

/// Fills in a cell's `effect` and `compared`. `row` has the cell of the first subject.
using Compare =
    std::function<void(const Subject& subject, const Subject& first, Cell& cell, const ComparedRow& row)>;

Comparison compare(const std::vector<Subject>& subjects, const CompareSettings& settings,
                   double confidence_share, const Compare& compare_cell) {
  Comparison comparison{
      .labels = {}, .rows = {}, .settings = settings, .cell_confidence = 0, .paired = true, .first_round = 1};
  for (const Subject& subject : subjects) comparison.labels.push_back(subject.label);
  const std::vector<RowId> ids = rows_of(subjects);
  const double cells = std::max<double>(1, static_cast<double>(ids.size() * (subjects.size() - 1)));
  comparison.cell_confidence = 1 - (1 - settings.confidence) * confidence_share / cells;
  for (const RowId& id : ids) {
    ComparedRow row{.id = id, .measure = measure_of(subjects, id), .cells = {}};
    for (const Subject& subject : subjects) {
      Cell cell = cell_of(subject, id, row.measure);
      const bool first = row.cells.empty();
      if (!first && !cell.times_s.empty() && cell.work != row.cells.front().work &&
          !row.cells.front().times_s.empty()) {
        cell.failure = "its work was " + (cell.work.empty() ? "another" : cell.work) + ", and that of " +
                       subjects.front().label + " was " + row.cells.front().work;
        cell.outcome = Outcome::not_applicable;
      }
      if (!first && !cell.failed() && !row.cells.front().failed() && !cell.times_s.empty()) {
        compare_cell(subject, subjects.front(), cell, row);
        judge_cell(row, cell, comparison.cell_confidence, settings.margin);
      }
      row.cells.push_back(std::move(cell));
    }
    comparison.rows.push_back(std::move(row));
  }
  return comparison;
}

}  // namespace

double Cell::time_s() const {
  return geometric_mean(times_s);
}

double ComparedRow::value(const Cell& cell) const {
  if (measure.scale == Scale::ratio) return geometric_mean(cell.values);
  return std::accumulate(cell.values.begin(), cell.values.end(), 0.0) /
         static_cast<double>(cell.values.size());
}

std::optional<double> ComparedRow::effect(const Cell& cell) const {
  if (!cell.effect) return std::nullopt;
  return measure.scale == Scale::ratio ? std::exp(cell.effect->mean) : cell.effect->mean;
}

std::optional<Interval> ComparedRow::effect_interval(const Cell& cell) const {
  if (!cell.effect_interval || measure.scale == Scale::difference) return cell.effect_interval;
  return Interval{std::exp(cell.effect_interval->low), std::exp(cell.effect_interval->high)};
}

std::optional<Interval> ComparedRow::worse(const Cell& cell) const {
  if (!cell.effect_interval || measure.better == Better::lower) return cell.effect_interval;
  return Interval{-cell.effect_interval->high, -cell.effect_interval->low};
}

Beyond ComparedRow::beyond(const Cell& cell, double limit) const {
  const auto interval = cell.verdict ? worse(cell) : std::nullopt;
  return interval ? harness::beyond(*interval, limit_of(measure.scale, limit)) : Beyond::unknown;
}

bool ComparedRow::decided(const CompareSettings& settings) const {
  if (!settings.worse_than) return decided();
  return std::ranges::none_of(cells, [&](const Cell& cell) {
    return cell.verdict && beyond(cell, *settings.worse_than) == Beyond::unknown;
  });
}

bool ComparedRow::decided() const {
  return std::ranges::none_of(cells, [](const Cell& cell) { return cell.verdict == Verdict::inconclusive; });
}

Comparison compare_paired(const std::vector<Subject>& subjects, const CompareSettings& settings,
                          double confidence_share) {
  return compare(subjects, settings, confidence_share,
                 [](const Subject& subject, const Subject& first, Cell& cell, const ComparedRow& row) {
                   const std::vector<double> effects = paired_effects(subject, first, row.id, row.measure);
                   cell.compared = effects.size();
                   cell.effect = estimate_mean(effects);
                 });
}

Comparison compare_unpaired(const std::vector<Subject>& subjects, const CompareSettings& settings,
                            double confidence_share) {
  Comparison comparison =
      compare(subjects, settings, confidence_share,
              [](const Subject& /*subject*/, const Subject& /*first*/, Cell& cell, const ComparedRow& row) {
                const Scale scale = row.measure.scale;
                cell.compared = cell.values.size();
                cell.effect =
                    estimate_difference(scaled(cell.values, scale), scaled(row.cells.front().values, scale));
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
