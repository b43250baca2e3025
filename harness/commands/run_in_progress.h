// harness/commands/run_in_progress.h: the rows of one interpreter while they run, and their report.
#pragma once

#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "harness/commands/chosen_interpreter.h"
#include "harness/commands/commands.h"
#include "harness/commands/isolated_rows.h"
#include "harness/commands/live_rows.h"
#include "harness/commands/out_folder.h"
#include "harness/commands/run_context.h"
#include "harness/commands/run_images.h"
#include "harness/commands/run_report.h"
#include "harness/commands/turn_taking.h"
#include "harness/google_benchmark/reporter.h"
#include "harness/google_benchmark/runner.h"
#include "harness/run/exit_guard.h"
#include "harness/run/interruption.h"
#include "harness/run/progress.h"
#include "harness/run/session.h"
#include "harness/run/traces.h"

namespace harness {

/// An interpreter that has started, and what was so before any code of the user's ran in it.
struct OpenedPython {
  /// Throws UserError.
  OpenedPython(const Chosen& chosen, const Request& request);

  embed::Python python;
  std::string cpus;  ///< that the main thread may use, as cpus_of_this_thread() has them
  double switch_interval_s;
};

/// What there is before the first row. All of it must outlive the run.
struct RunParts {
  const Request& request;
  const Chosen& chosen;
  const std::filesystem::path& scripts;  ///< their folder
  IsolatedRows& isolated;
  TurnTaking& turns;
  const OpenedPython& opened;
  const std::vector<Experiment>& plan;
};

/// What is known at the end of the rows: whether the GIL is on and which module's import has turned it on,
/// which threads of a script still run, and what scripts have imported.
struct AtEnd {
  bool gil_enabled = false;
  std::string threads = {};
  std::string imported_files = {};
  std::string gil_enabled_by = {};
};

/// Has everything that rows need, from its construction on, and is told of what ends them: a signal, or a
/// script that ends the process. Whatever comes, what is finished is saved. For the main thread.
class RunInProgress {
 public:
  /// Makes the folder of the results, and says what is run. Throws UserError.
  explicit RunInProgress(const RunParts& parts);
  RunInProgress(const RunInProgress&) = delete;  // what it has made calls it
  RunInProgress& operator=(const RunInProgress&) = delete;

  void run_rows();

  /// Once, after run_rows(): saves and prints. The exit status; does not return where a signal or a thread of
  /// the user's does not let Python end. Throws UserError.
  int report();

 private:
  RunnerConfig runner_config();
  RunFacts facts_of_run() const;
  std::filesystem::path out_folder() const;
  Observers traces() const;
  SessionConfig session_config();
  void show_finished(const Row& row, const std::vector<RowReporter::Run>& runs);
  void tell_of_exit(const std::string& what);
  void warn_of(const AtEnd& end);

  const RunParts parts_;
  const Options& options_;
  Interruption& interruption_;
  // In this order: what is started while there is no other thread; what is found out before anything is
  // written; the folder; what runs and shows rows; and last who is told of the process's end, so that they
  // are gone first.
  std::future<std::shared_ptr<Started>> started_;
  Progress progress_;
  const Experiment* running_;
  RunnerConfig config_;
  const RunImages images_;
  const FoundInterpreter found_;
  const RunFacts facts_;
  const std::filesystem::path folder_;
  const Observers traces_;
  Pictures pictures_;
  Session session_;
  LiveRows live_;
  RowReporter rows_;
  RunReport report_;
  const ExitGuard guard_;
  const Interruption::Watch watch_;
};

}  // namespace harness
