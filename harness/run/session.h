// harness/run/session.h: the experiments of one run, one after the other, on one interpreter.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>

#include "harness/run/prepared.h"

namespace harness {

class Session {
 public:
  /// Called with an experiment's output when it has been verified for the first time.
  using Verified = std::function<void(const Experiment&, const Job&)>;

  /// `scripts` is the folder of the workloads' scripts. `python` must outlive this.
  Session(const embed::Python& python, std::filesystem::path scripts, WorkloadOptions options, int spin_cores,
          Verified verified);
  ~Session();

  /// The experiment's team, verified. The last one asked for is kept; asking for another ends it.
  /// Throws ExperimentError.
  Prepared& prepare(const Experiment& experiment);

  /// How many items a job of the experiment's workload has.
  std::int64_t items(const Experiment& experiment) { return job_of(*experiment.workload).items; }

  /// Ends the current team, so that nothing of it is left.
  void release();

  /// Ends the Python code that runs now. From any thread that is not attached.
  void stop();

 private:
  embed::Script* script_of(const Workload& workload);
  const Job& job_of(const Workload& workload);

  const embed::Python& python_;
  const std::filesystem::path scripts_;
  const WorkloadOptions options_;
  const int spin_cores_;
  const Verified verified_;
  std::map<std::string_view, embed::Script*> loaded_;
  std::map<std::string_view, Job> jobs_;
  std::string current_name_;  // empty where there is none that has been verified
  std::mutex current_lock_;   // the session's own thread replaces current_, another may stop it
  std::unique_ptr<Prepared> current_;
};

}  // namespace harness
