// harness/google_benchmark/isolated_rows.cpp: rows that processes of their own run, of which this one only
// tells.
#include "harness/google_benchmark/isolated_rows.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "harness/error.h"
#include "harness/google_benchmark/compat.h"
#include "harness/google_benchmark/stored_runs.h"
#include "harness/row/contention_json.h"
#include "harness/system/text.h"

namespace harness {
namespace {

/// The repetitions; where only aggregates are reported, their median in the place of each.
std::vector<Run> values_among(const std::vector<Run>& runs) {
  std::vector<Run> values;
  std::ranges::copy_if(runs, std::back_inserter(values),
                       [](const Run& run) { return run.run_type == Run::RT_Iteration; });
  if (values.empty()) std::ranges::copy_if(runs, std::back_inserter(values), is_value);
  return values;
}

}  // namespace

std::optional<RowEnd> IsolatedRows::run(const Experiment& experiment) {
  const auto [known, is_new] = rows_.try_emplace(experiment.name());
  if (is_new) known->second = made_of(experiment);
  return known->second.end;
}

void IsolatedRows::tell(benchmark::State& state, const Experiment& experiment, bool warms_up) {
  IsolatedRow& row = rows_.at(experiment.name());
  const std::size_t number = row.told > 0 && warms_up ? row.told - 1 : row.told;
  const Run& run = row.repetitions[std::min(number, row.repetitions.size() - 1)];
  ++row.told;
  while (state.KeepRunningBatch(run.iterations)) state.SetIterationTime(run.real_accumulated_time);
  for (const auto& [name, counter] : run.counters) state.counters[name] = counter.value;
  state.SetLabel(run.report_label);
}

IsolatedRows::IsolatedRow IsolatedRows::made_of(const Experiment& experiment) {
  IsolatedEnd process = config_.isolate(experiment);
  config_.say(process.said);
  std::vector<Run> runs = stored_runs(process.result, experiment.name());
  IsolatedRow row;
  if (process.failure.empty() && runs.empty()) process.failure = "its process has no result of it";
  if (!process.failure.empty()) {
    if (!config_.interrupted()) {
      config_.say(experiment.name() + " failed: " + printable(process.failure) + '\n');
    }
    row.end = RowEnd{Outcome::failed, printable(process.failure)};
    return row;
  }
  for (const Run& run : runs) {
    if (has_failed(run)) {
      const StoredOutcome stored = parse_stored_message(error_of(run));
      row.end = RowEnd{stored.outcome, stored.reason, NotApplicable(stored.reason).mend};
    }
  }
  row.repetitions = values_among(runs);
  if (row.repetitions.empty()) row.end = RowEnd{Outcome::failed, "its process has no time of it"};
  reporter_.replace(experiment.id, std::move(runs), contention_in(process.result, experiment.name()));
  return row;
}

}  // namespace harness
