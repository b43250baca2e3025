// harness/google_benchmark/isolated_rows.h: rows that processes of their own run, of which this one only
// tells.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/google_benchmark/reporter.h"
#include "harness/google_benchmark/runner.h"
#include "harness/google_benchmark/runs.h"

namespace harness {

/// How a row ends that has no time.
struct RowEnd {
  Outcome outcome;
  std::string reason = {};
  std::string mend = {};
};

/// The isolated rows of a run whose RunnerConfig::isolate is not empty. For the thread that runs the
/// benchmarks.
class IsolatedRows {
 public:
  /// Both must outlive this.
  IsolatedRows(const RunnerConfig& config, RowReporter& reporter) : config_(config), reporter_(reporter) {}

  bool has_run(const Experiment& experiment) const { return rows_.contains(experiment.name()); }

  /// Runs the row's process, where that has not been done, and hands what it has made to the reporter. How
  /// the row ends where there is no result, or one of them has failed.
  std::optional<RowEnd> run(const Experiment& experiment);

  /// Tells Google Benchmark of a repetition what it can be told; the reporter has the whole. After run(), for
  /// a row that has not ended. `warms_up`: its warm-up comes before.
  void tell(benchmark::State& state, const Experiment& experiment, bool warms_up);

 private:
  /// What a row's process has made of it, and how much of that Google Benchmark has been told.
  struct IsolatedRow {
    std::vector<Run> repetitions;
    std::optional<RowEnd> end;
    std::size_t told = 0;
  };

  IsolatedRow made_of(const Experiment& experiment);

  const RunnerConfig& config_;
  RowReporter& reporter_;
  std::map<std::string, IsolatedRow> rows_;  // by name
};

}  // namespace harness
