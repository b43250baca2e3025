// harness/commands/isolated_rows.h: rows that have a process of their own, so that nothing ran before them.
#pragma once

#include <sched.h>

#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "harness/cli/options.h"
#include "harness/google_benchmark/runner.h"
#include "harness/interpreter/found.h"
#include "harness/system/cancellation.h"
#include "harness/system/subprocess.h"

namespace harness {

/// Runs such a row by this program, with the command line of the run, the environment, the folder and the
/// CPUs that it began with, whatever scripts have changed since. The process ends with this one. To be made
/// before anything of Python's runs; run() is for one thread.
class IsolatedRows {
 public:
  /// `program` is this one, or in a guest its host. `options` must outlive this.
  IsolatedRows(std::filesystem::path program, const Options& options);

  /// `python` is what the run has chosen, `folder` the run's, where a process has its own as long as it runs.
  /// With `timeline` the process writes the file that --gil-trace asks for.
  IsolatedEnd run(const Experiment& experiment, const FoundInterpreter& python,
                  const std::filesystem::path& folder, bool timeline);

  /// Ends the process that runs now and any that would follow. From any thread.
  void stop();

  /// The modules' files that the processes have imported, a line each, as RunReport has them.
  const std::string& imported_files() const { return imported_files_; }

 private:
  ProcessResult wait_for(Subprocess& process);
  std::string untold(const std::string& text, const std::string& row);
  Command command(const Experiment& experiment, const FoundInterpreter& python,
                  const std::filesystem::path& folder, bool timeline) const;

  const std::filesystem::path program_;
  const Options& options_;
  const std::filesystem::path working_directory_;
  cpu_set_t cpus_{};
  bool knows_cpus_ = false;
  std::string imported_files_;
  std::set<std::string> shown_;  // what rows failed by, without their names
  std::mutex lock_;
  bool stopped_ = false;
  const Cancellation* running_ = nullptr;  // of the process that runs now; a script may close any descriptor
};

}  // namespace harness
