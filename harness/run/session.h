// harness/run/session.h: the experiments of one run, one after the other, on one interpreter.
#pragma once

#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "harness/embed/python.h"
#include "harness/image/images.h"
#include "harness/run/experiment.h"
#include "harness/strategies/scripts.h"
#include "harness/team/pinning.h"
#include "harness/team/placement.h"
#include "harness/workloads/workload.h"

namespace harness {

/// Remarks of a row whose threads' Python code something looked on at, or that ran on other CPUs than they
/// were to.
std::string watched_by(const std::string& watchers);
std::string bound_to(const std::string& cpus);

/// What a session is opened with.
struct SessionConfig {
  std::filesystem::path scripts;  ///< folder of the workloads' scripts
  std::filesystem::path cuda_module;
  Scripts::BuildExtension build_extension;
  Images* images = nullptr;  ///< null where no experiment has an image; must outlive the session
  ParameterValues values;
  int spin_cores = 1;  ///< as Team has it
  Placement placement;
  Pinning pinning;
  // As they were before any script was imported:
  std::string cpus = cpus_of_this_thread();
  double switch_interval_s = 0;
  double patience_s = kPatience_s;  ///< with workers that may hang
  /// Runs it while this process has no thread but the calling one, as far as the program's own go.
  std::function<void(const std::function<void()>&)> without_threads = [](const auto& body) { body(); };
  /// Called with a workload's output when a strategy's has been verified for the first time.
  std::function<void(const Workload&, const Strategy&, const Job&, std::int64_t items)> keep_output;
};

class Session {
 public:
  /// `python` must outlive this.
  /// `started`: what Experiment::start returned or threw, where this process has one experiment only; else
  /// not valid.
  Session(const embed::Python& python, SessionConfig config,
          std::future<std::shared_ptr<Started>> started = {});
  ~Session();

  /// The experiment's team, verified. The last one asked for is kept; asking for another ends it.
  /// Throws ExperimentError.
  Prepared& prepare(const Experiment& experiment);

  /// A further team beside the one that was prepared, on the same image, verified. The last one asked for is
  /// kept until release(). Throws ExperimentError.
  Prepared& beside(const Experiment& experiment);

  /// How long the run took by which the experiment that was last prepared was verified, in seconds.
  double first_run_s() const { return first_run_s_; }

  /// Ends the current teams, so that nothing of them is left.
  void release();

  /// What a script has set that lasts, and that rows depend on, as remarks of the row. By the main thread.
  std::vector<std::string> changes(const Experiment& experiment) const;
  /// The CPUs of the threads that are started, where they are not pinned.
  const std::string& cpus() const { return config_.cpus; }

  /// Ends the Python code that runs now. From any thread that is not attached.
  void stop();

  /// What ends the process, whose experiment has failed by `error`, where a team does not come back. Called
  /// by the thread that prepares and runs experiments.
  void on_giving_up(std::function<void(const std::exception_ptr& error)> give_up) {
    give_up_ = std::move(give_up);
  }
  /// The hooks of a team of the strategy, with what it may wait for.
  TeamHooks with_patience(const Strategy& strategy, TeamHooks hooks) const;

  // What experiments are prepared from.
  const embed::Python& python() const { return python_; }
  const embed::Api& api() const { return python_.api(); }
  /// Runs `body` attached. By the main thread.
  template <typename Body>
  auto attached(Body body) const {
    return python_.attached(body);
  }
  int spin_cores() const { return config_.spin_cores; }
  double patience_s() const { return config_.patience_s; }
  const Pinning& pinning() const { return config_.pinning; }
  const Placement& placement() const { return config_.placement; }
  Scripts& scripts() { return scripts_; }
  /// As scripts() was before any was loaded.
  std::unique_ptr<Scripts> fresh_scripts() const;
  void without_threads(const std::function<void()>& body) const { config_.without_threads(body); }
  const std::filesystem::path& cuda_module() const { return config_.cuda_module; }
  /// Made on first use, and kept until one of another image is asked for. `image` is that image's number, for
  /// a workload that works on one.
  const Job& job_of(const Workload& workload, std::size_t image);
  /// What was started for the experiment; null for one that is prepared anew. Throws what Experiment::start
  /// threw.
  std::shared_ptr<Started> take_started();
  void keep_output(const Workload& workload, const Strategy& strategy, const Job& job,
                   std::int64_t items) const {
    config_.keep_output(workload, strategy, job, items);
  }

 private:
  void release_current();
  void release_beside();
  JobInputs inputs_of(std::size_t image);

  const embed::Python& python_;
  const SessionConfig config_;
  Scripts scripts_;
  std::function<void(const std::exception_ptr&)> give_up_;
  std::shared_ptr<const Image> image_;
  std::shared_ptr<PixelBytes> gray_;
  std::size_t image_number_ = 0;  // of image_, where that is set
  std::map<std::string, Job> jobs_;
  std::future<std::shared_ptr<Started>> started_;
  double first_run_s_ = 0;
  std::string beside_name_;           // empty where there is none that has been verified
  std::unique_ptr<Prepared> beside_;  // native, so that nothing stops it
  std::string current_name_;          // empty where there is none that has been verified
  std::mutex current_lock_;           // the session's own thread replaces current_, another may stop it
  std::unique_ptr<Prepared> current_;
};

}  // namespace harness
