// harness/google_benchmark/wide_table.cpp: --format=gbench: Google Benchmark's own table.
#include "harness/google_benchmark/wide_table.h"

#include <cmath>
#include <string>

#include "harness/google_benchmark/runs.h"
#include "harness/report/run_columns.h"
#include "harness/report/terminal.h"
#include "harness/row/counters.h"

namespace harness {
namespace {

/// The counters that such a table has room for.
benchmark::UserCounters columns_of(const Run& run, const Row& row) {
  benchmark::UserCounters columns;
  for (const auto& [name, counter] : run.counters) {
    const CounterInfo info = info_of(name);
    if (!info.shown.wide) continue;
    const double value = row.counters.at(name);
    if (!info.wide_percent.empty()) {
      columns[std::string(info.wide_percent)] = std::round(1000 * value) / 10;
    } else {
      columns[name] = counter;
      columns[name].value = value;
    }
  }
  if (const auto variation = row.variation()) columns["cv_%"] = std::round(10'000 * *variation) / 100;
  return columns;
}

/// One run that stands for all: the median of their times and counters.
Run median_run(const std::vector<Run>& runs, const Row& row) {
  Run run = runs.front();
  if (!row.ok()) return run;
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
  run.counters = columns_of(run, row);
  return run;
}

}  // namespace

WideTable::WideTable(std::ostream& out, bool color, std::size_t name_width)
    : ConsoleReporter(color ? OO_ColorTabular : OO_Tabular), color_(color) {
  SetOutputStream(&out);
  SetErrorStream(&discarded_);  // where Google Benchmark writes its context, which the report words better
  Context context;
  context.name_field_width = name_width;
  ReportContext(context);
}

void WideTable::show(const Row& row, const std::vector<Run>& runs) {
  std::ostream& out = GetOutputStream();
  if (row.outcome == Outcome::not_applicable) {
    // Google Benchmark would call it an error.
    const std::string line = padded(row.name(), name_field_width_) + " " + why_without_time(row);
    out << paint(line, Style::dim, color_) << '\n';
  } else {
    ReportRuns({median_run(runs, row)});
  }
  out.flush();
}

}  // namespace harness
