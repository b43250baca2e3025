// harness/google_benchmark/reporter.h: keeps every row, shows it on the console, and writes it as JSON.
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "harness/report/context.h"
#include "harness/report/row.h"

namespace harness {

/// Google Benchmark's one reporter of a run. rows() and json() may be called by another thread while a row is
/// being reported; everything else by the thread that runs the benchmarks.
class RowReporter : public benchmark::BenchmarkReporter {
 public:
  struct Console {
    std::ostream* out;
    bool color;
    std::size_t name_width;  ///< of the longest row's name
  };

  /// `console` absent: nothing is shown while the benchmarks run. `before_output` is called before each row
  /// is shown, for instance to clear a progress line.
  RowReporter(std::optional<Console> console, std::function<void()> before_output);

  ~RowReporter() override;

  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;

  /// The rows so far. A row that was cut off by an interruption is not among them.
  std::vector<Row> rows() const;

  /// What Google Benchmark's JSONReporter writes of all rows so far, with `context` in its "context".
  /// Once a process: Google Benchmark's custom context can only be added to.
  std::string json(const ContextEntries& context);

 private:
  class ConsoleRows;

  std::function<void()> before_output_;
  std::unique_ptr<ConsoleRows> console_;  // null where nothing is shown
  std::optional<Context> context_;
  mutable std::mutex lock_;
  std::vector<std::vector<Run>> runs_;
  std::vector<Row> rows_;
  std::string cut_off_;  // the row that was cut off by an interruption
};

/// The error message of a row that an interruption cut off.
inline constexpr const char* kInterrupted = "interrupted";

}  // namespace harness
