// harness/google_benchmark/reporter.cpp: keeps every row, and writes it as JSON.
#include "harness/google_benchmark/reporter.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "harness/google_benchmark/compat.h"
#include "harness/google_benchmark/runs.h"
#include "harness/row/account.h"
#include "harness/row/contention_json.h"
#include "harness/row/relations.h"
#include "harness/system/text.h"

namespace harness {
namespace {

/// The run as the project writes it: Google Benchmark appends to its name how the time was measured, and its
/// coefficient of variation of a counter that is always 0 is no number, which JSON cannot hold.
Run plainly_written(Run run) {
  std::erase_if(run.counters, [](const auto& counter) { return !std::isfinite(counter.second.value); });
  run.run_name.time_type.clear();
  run.run_name.min_time.clear();
  run.run_name.min_warmup_time.clear();
  run.run_name.repetitions.clear();
  return run;
}

double aggregate(const std::string& name, const std::vector<double>& values) {
  double mean = 0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  if (name == "median") return median(values);
  if (name == "stddev") return coefficient_of_variation(values) * mean;
  if (name == "cv") return coefficient_of_variation(values);
  return mean;
}

/// Takes from aggregates what fewer than two repetitions have: nothing can be said of how one value varies.
void erase_of_single_values(std::vector<Run>& aggregates, const std::vector<Run>& repetitions) {
  std::map<std::string, int> counts;
  for (const Run& run : repetitions) {
    for (const auto& [name, counter] : run.counters) ++counts[name];
  }
  for (Run& run : aggregates) {
    std::erase_if(run.counters, [&](const auto& counter) { return counts[counter.first] < 2; });
  }
}

/// Adds a counter to each repetition that has a value of it, and to the aggregates theirs of those.
void add_values(std::vector<Run>& runs, const std::string& counter,
                const std::vector<std::optional<double>>& values) {
  std::vector<double> known;
  for (const auto& value : values) {
    if (value) known.push_back(*value);
  }
  std::size_t repetition = 0;
  for (Run& run : runs) {
    std::optional<double> value;
    if (run.run_type == Run::RT_Iteration) {
      if (repetition < values.size()) value = values[repetition];
      ++repetition;
    } else if (known.size() > 1 || (known.size() == 1 && is_value(run))) {
      value = aggregate(run.aggregate_name, known);  // nothing can be said of how one value varies
    }
    if (value && std::isfinite(*value)) run.counters[counter] = *value;
  }
}

/// How a row compares with others, each repetition by itself.
struct Compared {
  std::map<std::string, std::vector<std::optional<double>>> counters;
  std::string remark;
};

/// As far as the other rows are known.
Compared compared(const std::vector<Row>& rows, const Row& row) {
  Compared compared;
  for (const Relation& relation : relations_of(rows, row)) {
    auto& ratios = compared.counters[relation.counter];
    for (const double time_s : row.times_s) {
      ratios.emplace_back(relation.reference_item_s * row.items() / time_s);
    }
  }
  const auto account = account_relation(rows, row);
  if (!account) return compared;
  if (account->splits.empty()) compared.remark = no_account_base(rows, row);
  for (const auto& split : account->splits) {
    compared.counters["account_useful"].push_back(split ? std::optional(split->useful) : std::nullopt);
    compared.counters["account_slower"].push_back(split ? std::optional(split->slower) : std::nullopt);
    if (account->baseline_interval) {
      compared.counters["account_baseline_interval"].push_back(account->baseline_interval);
    }
  }
  return compared;
}

/// Row and runs with how they compare to the other rows.
Row related(const std::vector<Row>& rows, Row row) {
  const Compared more = compared(rows, row);
  for (const auto& [counter, values] : more.counters) {
    std::vector<double> known;
    for (const auto& value : values) {
      if (value) known.push_back(*value);
    }
    if (!known.empty()) row.counters[counter] = median(known);
  }
  if (!more.remark.empty()) row.remarks.push_back(more.remark);
  return row;
}

std::vector<Run> related(const std::vector<Row>& rows, const Row& row, std::vector<Run> runs) {
  const Compared more = compared(rows, row);
  for (const auto& [counter, values] : more.counters) add_values(runs, counter, values);
  if (more.remark.empty()) return runs;
  for (Run& run : runs) {
    run.report_label += (run.report_label.empty() ? "" : std::string(kBetweenRemarks)) + more.remark;
  }
  return runs;
}

}  // namespace

RowReporter::RowReporter(const std::vector<Experiment>& plan, Finished finished,
                         std::function<void()> aggregated, bool relates)
    : finished_(std::move(finished)), aggregated_(std::move(aggregated)), relates_(relates) {
  for (const Experiment& experiment : plan) {
    known_.emplace(experiment.name(), Known{experiment.id, experiment.traits, Outcome::ok, "", "", {}, {}});
  }
}

void RowReporter::note(const RowId& id, Outcome outcome, const std::string& reason, const std::string& mend) {
  const std::lock_guard guard(lock_);
  Known& known = known_.at(id.name());
  known.outcome = outcome;
  known.reason = reason;
  known.mend = mend;
}

void RowReporter::note(const RowId& id, const Contention& contention) {
  if (contention.is_empty()) return;
  const std::lock_guard guard(lock_);
  known_.at(id.name()).contentions.push_back(contention);
}

void RowReporter::replace(const RowId& id, std::vector<Run> runs, const Contention& contention) {
  const std::lock_guard guard(lock_);
  Known& known = known_.at(id.name());
  known.replacement = std::move(runs);
  known.contentions = {contention};
}

void RowReporter::fail(const RowId& id, const std::string& reason) {
  note(id, Outcome::failed, reason);
  Run run;
  run.run_name.function_name = id.name();
  run.time_unit = benchmark::kMillisecond;
  set_failed(run, stored_message(Outcome::failed, reason));
  ReportRuns({run});
}

bool RowReporter::ReportContext(const Context& context) {
  const std::lock_guard guard(lock_);
  context_.emplace(context);
  return true;
}

Row RowReporter::related_row(const Row& row) const {
  return relates_ ? related(rows_, row) : row;
}

std::vector<Run> RowReporter::related_runs(const Row& row, const std::vector<Run>& runs) const {
  return relates_ ? related(rows_, row, runs) : runs;
}

/// The row that these repetitions, or their aggregates, make.
Row RowReporter::row_of(const std::vector<Run>& runs) const {
  const Known& known = known_.at(runs.front().run_name.str());
  Row row;
  row.id = known.id;
  row.traits = known.traits;
  std::map<std::string, std::vector<double>> counters;
  for (const Run& run : runs) {
    if (has_failed(run)) {
      const bool noted = known.outcome != Outcome::ok;
      row.outcome = noted ? known.outcome : Outcome::failed;
      row.reason = noted ? known.reason : error_of(run);
      row.mend = known.mend;
      row.times_s.clear();
      row.cpu_s.clear();
      row.iterations.clear();
      return row;
    }
    if (!is_value(run)) continue;
    row.times_s.push_back(time_s(run));
    row.cpu_s.push_back(cpu_s(run));
    row.iterations.push_back(static_cast<double>(run.iterations));
    row.repetitions.emplace_back();
    add_remarks(row, run.report_label);
    for (const auto& [name, counter] : run.counters) {
      counters[name].push_back(counter.value);
      row.repetitions.back()[name] = counter.value;
    }
  }
  for (const auto& [name, values] : counters) row.counters[name] = median(values);
  // What replaces them is the mean already.
  row.contention = mean_of(known.contentions, known.replacement.empty() ? row.times_s.size() : 1);
  return row;
}

std::vector<Run> RowReporter::replaced(const std::vector<Run>& runs) const {
  const Run& first = runs.front();
  const std::vector<Run>& replacement = known_.at(first.run_name.str()).replacement;
  if (replacement.empty()) return runs;
  std::vector<Run> others;
  for (Run run : replacement) {
    if (run.run_type != first.run_type) continue;
    run.family_index = first.family_index;
    run.per_family_instance_index = first.per_family_instance_index;
    others.push_back(plainly_written(run));
  }
  return others;
}

void RowReporter::ReportRuns(const std::vector<Run>& runs) {
  if (runs.empty()) return;
  std::vector<Run> written;
  for (const Run& run : runs) written.push_back(plainly_written(run));
  const std::string name = written.front().run_name.str();
  std::unique_lock guard(lock_);
  written = replaced(written);
  if (written.empty()) return;
  // Google Benchmark reports a row's repetitions first and then, in a second call, their aggregates: also
  // those of the repetitions that were finished before an interruption.
  if (known_.at(name).outcome == Outcome::interrupted) return;
  const bool is_new = rows_.empty() || rows_.back().name() != name;
  if (is_new) {
    rows_.push_back(row_of(written));
  } else {
    erase_of_single_values(written, runs_.back());
  }
  const Row row = related_row(rows_.back());
  const std::vector<Run> shown = related_runs(rows_.back(), written);
  runs_.push_back(std::move(written));
  guard.unlock();
  is_new ? finished_(row, shown) : aggregated_();
}

std::vector<Row> RowReporter::rows() const {
  const std::lock_guard guard(lock_);
  std::vector<Row> rows;
  for (const Row& row : rows_) rows.push_back(related_row(row));
  return rows;
}

std::string RowReporter::json(const ContextEntries& context, bool complete) {
  const std::lock_guard guard(lock_);
  for (const auto& [key, value] : context) {
    if (added_.insert(key).second) benchmark::AddCustomContext(printable(key), printable(value));
  }
  std::ostringstream text;
  benchmark::JSONReporter reporter;
  reporter.SetOutputStream(&text);
  reporter.SetErrorStream(&text);
  reporter.ReportContext(context_.value_or(Context()));
  for (const std::vector<Run>& runs : runs_) {
    const Row* const row = find_row(rows_, known_.at(runs.front().run_name.str()).id);
    reporter.ReportRuns(row == nullptr ? runs : related_runs(*row, runs));
  }
  reporter.Finalize();
  std::string json = text.str();
  insert_contention(json, rows_);
  constexpr std::string_view kContext = "\"context\": {\n";
  if (!complete) json.insert(json.find(kContext) + kContext.size(), "    \"complete\": false,\n");
  return json;
}

}  // namespace harness
