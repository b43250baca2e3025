// harness/google_benchmark/runner.h: runs a plan's experiments as Google Benchmark's benchmarks.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/google_benchmark/reporter.h"
#include "harness/run/observer.h"
#include "harness/run/session.h"
#include "harness/system/turn.h"

namespace harness {

/// What the process of an isolated row came to.
struct IsolatedEnd {
  std::string result;   ///< its result.json
  std::string failure;  ///< why there is none; empty where there is one
  std::string said;     ///< on standard error, printable, that nobody has been told yet
};

struct RunnerConfig {
  std::string program;             ///< argv[0], for Google Benchmark's context
  int repetitions = 3;             ///< of each row
  double min_time_s = 0;           ///< of each repetition
  std::vector<std::string> flags;  ///< --benchmark_*, as the user gave them; they win over the above
  bool ceilings = true;            ///< whether rows that memory bounds are timed in turn with their ceiling
  std::function<bool()> interrupted;                ///< asked before each iteration; true ends the run early
  std::function<void(const Experiment&)> starting;  ///< for progress; called once or more a repetition
  std::function<void(const std::string&)> say;      ///< writes a message, whole lines, on standard error
  /// Waits until this process may go on, where several take turns; called before a row is prepared and before
  /// each repetition. Empty where it is alone.
  std::function<void(TurnPlace)> take_turn;
  std::function<void()> prepared;  ///< called where a row's code has been loaded, by the same thread
  /// Runs an isolated experiment in a process of its own; empty where this process is that one.
  std::function<IsolatedEnd(const Experiment&)> isolate;
};

/// The version that this program was built with.
std::string google_benchmark_version();

/// Takes Google Benchmark's own flags. Throws UserError for one that it does not know.
void initialize_google_benchmark(const RunnerConfig& config);

/// Runs every experiment of `plan` and hands the rows to `reporter` as they are finished. A failed experiment
/// is a row that says why; the others go on. Once a process.
void run_plan(const std::vector<Experiment>& plan, const RunnerConfig& config, Session& session,
              const Observers& observers, RowReporter& reporter);

}  // namespace harness
