// harness/compare/comparison.cpp: what several interpreters' processes come to when they are put side by
// side.
#include "harness/compare/comparison.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
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
  return items ? std::to_string(std::llround(*items)) + " " + row.traits.item_unit : "";
}

/// What one subject's processes say of the row `id`, before it is compared with another's.
Cell cell_of(const Subject& subject, const RowId& id) {
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
    cell.times_s.push_back(row->median_s());
    cell.work = work_of(*row);
    for (const auto& [counter, value] : row->counters) counters[counter].push_back(value);
    if (const Row* const base = single_threaded(process.rows, *row)) {
      scalings.push_back(base->median_s() / row->median_s());
    }
  }
  cell.failure = counted(failures, subject.processes.size());
  if (cell.failed()) cell.outcome = somebodys ? Outcome::failed : Outcome::not_applicable;
  for (const auto& [counter, values] : counters) cell.counters[counter] = median(values);
  if (!scalings.empty()) cell.scaling = geometric_mean(scalings);
  return cell;
}

/// The logarithms of the row's times in those rounds that both subjects finished.
std::vector<double> paired_log_ratios(const Subject& subject, const Subject& first, const RowId& id) {
  std::vector<double> log_ratios;
  for (const Process& process : subject.processes) {
    const auto other = std::ranges::find(first.processes, process.round, &Process::round);
    if (other == first.processes.end()) continue;
    const Row* const row = find_row(process.rows, id);
    const Row* const base = find_row(other->rows, id);
    if (row == nullptr || base == nullptr || !row->ok() || !base->ok()) continue;
    log_ratios.push_back(std::log(row->median_s() / base->median_s()));
  }
  return log_ratios;
}

std::vector<double> logarithms(const std::vector<double>& values) {
  std::vector<double> result;
  for (const double value : values) result.push_back(std::log(value));
  return result;
}

void judge_cell(Cell& cell, double confidence, double margin) {
  cell.verdict = Verdict::inconclusive;
  if (!cell.log_ratio) return;
  cell.log_interval = interval_of(*cell.log_ratio, confidence);
  cell.verdict = judge(*cell.log_interval, margin);
  if (cell.verdict != Verdict::inconclusive) return;
  cell.rounds_needed = values_needed(*cell.log_ratio, cell.compared,
                                     half_width_to_decide(cell.log_ratio->mean, margin), confidence);
}

using Compare = std::function<void(const Subject& subject, const Subject& first, Cell& cell,
                                   const Cell& first_cell, const RowId& id)>;

Comparison compare(const std::vector<Subject>& subjects, const CompareSettings& settings,
                   double confidence_share, const Compare& compare_cell) {
  Comparison comparison{.labels = {}, .rows = {}, .settings = settings, .cell_confidence = 0, .paired = true};
  for (const Subject& subject : subjects) comparison.labels.push_back(subject.label);
  const std::vector<RowId> ids = rows_of(subjects);
  const double cells = std::max<double>(1, static_cast<double>(ids.size() * (subjects.size() - 1)));
  comparison.cell_confidence = 1 - (1 - settings.confidence) * confidence_share / cells;
  for (const RowId& id : ids) {
    ComparedRow row{.id = id, .cells = {}};
    for (const Subject& subject : subjects) {
      Cell cell = cell_of(subject, id);
      const bool first = row.cells.empty();
      if (!first && !cell.times_s.empty() && cell.work != row.cells.front().work &&
          !row.cells.front().times_s.empty()) {
        cell.failure = "its work was " + (cell.work.empty() ? "another" : cell.work) + ", and that of " +
                       subjects.front().label + " was " + row.cells.front().work;
        cell.outcome = Outcome::not_applicable;
      }
      if (!first && !cell.failed() && !row.cells.front().failed() && !cell.times_s.empty()) {
        compare_cell(subject, subjects.front(), cell, row.cells.front(), id);
        judge_cell(cell, comparison.cell_confidence, settings.margin);
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

std::optional<double> Cell::ratio() const {
  if (!log_ratio) return std::nullopt;
  return std::exp(log_ratio->mean);
}

std::optional<Interval> Cell::ratio_interval() const {
  if (!log_interval) return std::nullopt;
  return Interval{std::exp(log_interval->low), std::exp(log_interval->high)};
}

bool ComparedRow::decided() const {
  return std::ranges::none_of(cells, [](const Cell& cell) { return cell.verdict == Verdict::inconclusive; });
}

Comparison compare_paired(const std::vector<Subject>& subjects, const CompareSettings& settings,
                          double confidence_share) {
  return compare(subjects, settings, confidence_share,
                 [](const Subject& subject, const Subject& first, Cell& cell, const Cell& /*first_cell*/,
                    const RowId& id) {
                   const std::vector<double> log_ratios = paired_log_ratios(subject, first, id);
                   cell.compared = log_ratios.size();
                   cell.log_ratio = estimate_mean(log_ratios);
                 });
}

Comparison compare_unpaired(const std::vector<Subject>& subjects, const CompareSettings& settings) {
  Comparison comparison = compare(subjects, settings, 1,
                                  [](const Subject& /*subject*/, const Subject& /*first*/, Cell& cell,
                                     const Cell& first_cell, const RowId& /*id*/) {
                                    cell.compared = cell.times_s.size();
                                    cell.log_ratio = estimate_difference(logarithms(cell.times_s),
                                                                         logarithms(first_cell.times_s));
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
