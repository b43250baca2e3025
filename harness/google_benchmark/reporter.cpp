// harness/google_benchmark/reporter.cpp: keeps every row, shows it on the console, and writes it as JSON.
#include "harness/google_benchmark/reporter.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "harness/google_benchmark/compat.h"

namespace harness {
namespace {

using Run = benchmark::BenchmarkReporter::Run;

/// Seconds an iteration.
double time_s(const Run& run) {
  return run.GetAdjustedRealTime() / benchmark::GetTimeUnitMultiplier(run.time_unit);
}

/// The run as the project writes it: Google Benchmark appends to its name how the time was measured, and its
/// coefficient of variation of a counter that is always 0 is no number, which JSON cannot hold.
Run plainly_written(Run run) {
  std::erase_if(run.counters, [](const auto& counter) { return !std::isfinite(counter.second.value); });
  run.run_name.time_type.clear();
  run.run_name.min_time.clear();
  run.run_name.repetitions.clear();
  return run;
}

/// Whether a row's values are taken from this run: aggregates come along only where repetitions are not
/// reported.
bool is_value(const Run& run) {
  return run.run_type == Run::RT_Iteration || run.aggregate_name == "median";
}

/// The row that these repetitions, or their aggregates, make.
Row row_of(const std::vector<Run>& runs) {
  Row row = named_row(runs.front().run_name.str());
  std::map<std::string, std::vector<double>> counters;
  for (const Run& run : runs) {
    if (has_failed(run)) {
      row.error = error_of(run);
      row.applies = !row.error.starts_with(kNotApplicable);
      return row;
    }
    if (!is_value(run)) continue;
    row.times_s.push_back(time_s(run));
    for (const auto& [name, counter] : run.counters) counters[name].push_back(counter.value);
  }
  for (const auto& [name, values] : counters) row.counters[name] = median(values);
  return row;
}

double aggregate(const std::string& name, const std::vector<double>& values) {
  double mean = 0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  if (name == "median") return median(values);
  if (name == "stddev") return coefficient_of_variation(values) * mean;
  if (name == "cv") return coefficient_of_variation(values);
  return mean;
}

/// Adds how each repetition compares, and to the aggregates theirs of that.
void add_relation(std::vector<Run>& runs, const Row& row, const Relation& relation) {
  const double reference_s = relation.reference_item_s * row.items();
  std::vector<double> ratios;
  for (const double time : row.times_s) ratios.push_back(reference_s / time);
  for (Run& run : runs) {
    const bool repetition = run.run_type == Run::RT_Iteration;
    if (!is_value(run) && ratios.size() < 2) continue;  // nothing can be said of how one value varies
    run.counters[relation.counter] =
        repetition ? reference_s / time_s(run) : aggregate(run.aggregate_name, ratios);
  }
}

/// Row and runs with how they compare to the other rows, as far as those are known.
Row related(const std::vector<Row>& rows, Row row) {
  for (const auto& [counter, reference_item_s] : relations_of(rows, row)) {
    row.counters[counter] = reference_item_s / row.item_s();
  }
  return row;
}

std::vector<Run> related(const std::vector<Row>& rows, const Row& row, std::vector<Run> runs) {
  for (const Relation& relation : relations_of(rows, row)) add_relation(runs, row, relation);
  return runs;
}

/// The counters that tell the story, as a table has room for them; the JSON has all. Shares of the GIL in
/// percent; those of the machine that others had are for the warnings.
benchmark::UserCounters story_of(const Run& run, const Row& row) {
  benchmark::UserCounters story;
  for (const auto& [name, counter] : run.counters) {
    if (name.ends_with("_cpu_share")) continue;
    const double value = row.counters.at(name);
    if (!name.starts_with("gil_") || name == "gil_switches") {
      story[name] = counter;
      story[name].value = value;
    } else if (name == "gil_fairness") {
      story[name] = value;
    } else if (name == "gil_held_share" || name == "gil_wait_share") {
      story[name.substr(0, name.rfind('_')) + "_%"] = std::round(1000 * value) / 10;
    }
  }
  if (const auto variation = row.variation()) story["cv_%"] = std::round(10'000 * *variation) / 100;
  return story;
}

/// One run that stands for all: the median of their times and counters.
Run median_run(const std::vector<Run>& runs, const Row& row) {
  Run run = runs.front();
  if (row.failed()) return run;
  run.run_type = Run::RT_Iteration;
  run.aggregate_name.clear();
  std::vector<double> real, cpu;
  for (const Run& each : runs) {
    if (!is_value(each)) continue;
    real.push_back(each.real_accumulated_time);
    cpu.push_back(each.cpu_accumulated_time);
  }
  run.real_accumulated_time = median(real);
  run.cpu_accumulated_time = median(cpu);
  run.counters = story_of(run, row);
  return run;
}

}  // namespace

/// One line a row: the median of its repetitions, with their coefficient of variation as a column.
class RowReporter::ConsoleRows : public benchmark::ConsoleReporter {
 public:
  explicit ConsoleRows(const Console& console)
      : ConsoleReporter(console.color ? OO_ColorTabular : OO_Tabular) {
    SetOutputStream(console.out);
    SetErrorStream(&discarded_);  // where Google Benchmark writes its context, which the summary words better
    name_width_ = console.name_width;
  }

  bool ReportContext(const Context& context) override {
    Context narrow = context;
    narrow.name_field_width = name_width_;
    return ConsoleReporter::ReportContext(narrow);
  }

 private:
  std::ostringstream discarded_;
  std::size_t name_width_ = 0;
};

RowReporter::RowReporter(std::optional<Console> console, std::function<void()> before_output)
    : before_output_(std::move(before_output)),
      console_(console ? std::make_unique<ConsoleRows>(*console) : nullptr) {}

RowReporter::~RowReporter() = default;

bool RowReporter::ReportContext(const Context& context) {
  const std::lock_guard guard(lock_);
  context_.emplace(context);
  return console_ == nullptr || console_->ReportContext(context);
}

void RowReporter::ReportRuns(const std::vector<Run>& runs) {
  if (runs.empty()) return;
  std::vector<Run> written;
  for (const Run& run : runs) written.push_back(plainly_written(run));
  const std::string name = written.front().run_name.str();
  const std::lock_guard guard(lock_);
  // Google Benchmark reports a row's repetitions first and then, in a second call, their aggregates: also
  // those of the repetitions that were finished before an interruption.
  const auto cut_off = [](const Run& run) { return has_failed(run) && error_of(run) == kInterrupted; };
  if (std::ranges::any_of(runs, cut_off)) cut_off_ = name;
  if (name == cut_off_) return;
  const bool is_new = rows_.empty() || rows_.back().name != name;
  if (is_new) rows_.push_back(row_of(written));
  if (is_new && console_ != nullptr) {
    before_output_();
    const Row& row = rows_.back();
    console_->ReportRuns({median_run(related(rows_, row, written), related(rows_, row))});
    console_->GetOutputStream().flush();
  }
  runs_.push_back(std::move(written));
}

std::vector<Row> RowReporter::rows() const {
  const std::lock_guard guard(lock_);
  std::vector<Row> rows;
  for (const Row& row : rows_) rows.push_back(related(rows_, row));
  return rows;
}

std::string RowReporter::json(const ContextEntries& context) {
  const std::lock_guard guard(lock_);
  for (const auto& [key, value] : context) benchmark::AddCustomContext(key, value);
  std::ostringstream text;
  benchmark::JSONReporter reporter;
  reporter.SetOutputStream(&text);
  reporter.SetErrorStream(&text);
  reporter.ReportContext(context_.value_or(Context()));
  for (const std::vector<Run>& runs : runs_) {
    const Row* const row = find_row(rows_, runs.front().run_name.str());
    reporter.ReportRuns(row == nullptr ? runs : related(rows_, *row, runs));
  }
  reporter.Finalize();
  return text.str();
}

}  // namespace harness
