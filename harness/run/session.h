// harness/run/session.h: the experiments of one run, one after the other, on one interpreter.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "harness/embed/python.h"
#include "harness/image/images.h"
#include "harness/run/experiment.h"
#include "harness/run/row_trace.h"
#include "harness/strategies/strategy.h"
#include "harness/team/pinning.h"

namespace harness {

class Session {
 public:
  /// Called with a workload's output when a strategy's has been verified for the first time.
  using KeepOutput = std::function<void(const Workload&, const Strategy&, const Job&, std::int64_t items)>;

  /// From a .pyx to the extension module that was built from it for this interpreter. Throws NotApplicable,
  /// or ExperimentError.
  using BuildExtension = std::function<std::filesystem::path(const std::filesystem::path& source)>;

  /// `scripts` is the folder of the workloads' scripts. `images` may be null where no experiment has an
  /// image, and must outlive this, as must `python` and `trace`.
  Session(const embed::Python& python, RowTrace& trace, std::filesystem::path scripts,
          BuildExtension build_extension, Images* images, WorkloadOptions options, int spin_cores,
          Pinning pinning, KeepOutput keep_output);
  ~Session();

  /// The experiment's team, verified. The last one asked for is kept; asking for another ends it.
  /// Throws ExperimentError.
  Prepared& prepare(const Experiment& experiment);

  /// Ends the current team, so that nothing of it is left.
  void release();

  /// Ends the Python code that runs now. From any thread that is not attached.
  void stop();

  RowTrace& trace() const { return trace_; }

  // What experiments are prepared from.
  const embed::Api& api() const { return python_.api(); }
  /// Runs `body` attached. By the main thread.
  template <typename Body>
  auto attached(Body body) const {
    return python_.attached(body);
  }
  int spin_cores() const { return spin_cores_; }
  const Pinning& pinning() const { return pinning_; }
  /// The script `file` of the folder. Loaded on first use, by the main thread; a .pyx is built before. Throws
  /// ExperimentError where it does not load, or NotApplicable where it cannot be built here; where there is
  /// none, whichever fits it: a user's own folder need not have those that are `optional`.
  embed::Script* script_of(const std::string& file, bool optional);
  /// By the main thread. Throws NotApplicable, which says how to get it, where the interpreter cannot import
  /// it.
  void require_module(const std::string& name);
  /// Made on first use, and kept until one of another image is asked for. `image` is that image's number, for
  /// a workload that works on one.
  const Job& job_of(const Workload& workload, std::size_t image);
  void keep_output(const Workload& workload, const Strategy& strategy, const Job& job,
                   std::int64_t items) const {
    keep_output_(workload, strategy, job, items);
  }

 private:
  const embed::Python& python_;
  RowTrace& trace_;
  const std::filesystem::path scripts_;
  const BuildExtension build_extension_;
  Images* const images_;
  WorkloadOptions options_;
  std::size_t image_ = 0;  // the number of options_.image, where that is set
  const int spin_cores_;
  const Pinning pinning_;
  const KeepOutput keep_output_;
  std::map<std::string, embed::Script*> loaded_;
  std::map<std::string_view, Job> jobs_;
  std::string current_name_;  // empty where there is none that has been verified
  std::mutex current_lock_;   // the session's own thread replaces current_, another may stop it
  std::unique_ptr<Prepared> current_;
};

}  // namespace harness
