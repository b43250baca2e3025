// harness/google_benchmark/reporter.h: keeps every row, and writes it as JSON.
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/report/context.h"
#include "harness/row/row.h"
#include "harness/run/experiment.h"

namespace harness {

/// Google Benchmark's one reporter of a run. rows() and json() may be called by another thread while a row is
/// being reported; everything else by the thread that runs the benchmarks.
class RowReporter : public benchmark::BenchmarkReporter {
 public:
  /// A row that has just finished, with its relations to those before it, and Google Benchmark's own records
  /// of it.
  using Finished = std::function<void(const Row& row, const std::vector<Run>& runs)>;

  /// `plan` is what runs. By the thread that runs the benchmarks, `finished` is called once a row, and
  /// `aggregated` where the row's aggregates are known, too. `relates`: it tells how rows compare with
  /// others; of a row that is alone in its process, the process that has the others tells it.
  RowReporter(const std::vector<Experiment>& plan, Finished finished, std::function<void()> aggregated,
              bool relates = true);

  /// How a row ends that has no time, and the command that would change it. Before it is reported.
  void note(const RowId& id, Outcome outcome, const std::string& reason, const std::string& mend = "");

  /// Where a repetition's threads waited for each other; a row shows the mean over its repetitions. Before it
  /// is reported.
  void note(const RowId& id, const Contention& contention);

  /// Has `runs` and `contention`, which another process has made of the row, in the place of what Google
  /// Benchmark is about to report of it.
  void replace(const RowId& id, std::vector<Run> runs, const Contention& contention = {});

  /// Reports a row that Google Benchmark will not, because the process ends within it. From any thread, while
  /// the one that runs the benchmarks waits.
  void fail(const RowId& id, const std::string& reason);

  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;

  /// The rows so far. A row that was cut off by an interruption is not among them.
  std::vector<Row> rows() const;

  /// What Google Benchmark's JSONReporter writes of all rows so far, with `context` in its "context", and,
  /// where more rows are to come, "complete": false. Google Benchmark's custom context can only be added to:
  /// what an earlier call has given stays.
  std::string json(const ContextEntries& context, bool complete);

 private:
  Row row_of(const std::vector<Run>& runs) const;
  Row related_row(const Row& row) const;
  std::vector<Run> related_runs(const Row& row, const std::vector<Run>& runs) const;

  /// What is known of a row by its name, which is all that Google Benchmark says of it.
  struct Known {
    RowId id;
    Traits traits;
    Outcome outcome = Outcome::ok;
    std::string reason;
    std::string mend;
    std::vector<Contention> contentions = {};  // of its repetitions
    std::vector<Run> replacement;
  };

  /// `runs`, or those of the same kind that replace them.
  std::vector<Run> replaced(const std::vector<Run>& runs) const;

  const Finished finished_;
  const std::function<void()> aggregated_;
  const bool relates_;
  std::map<std::string, Known> known_;
  std::optional<Context> context_;
  std::set<std::string> added_;  // keys of the custom context
  mutable std::mutex lock_;
  std::vector<std::vector<Run>> runs_;
  std::vector<Row> rows_;
};

}  // namespace harness
