// harness/strategies/strategy.h: how a workload is run.
//
// A workload's table lists strategies, which the factories of script.h and kernel.h make. A further way to
// run workloads is one file with a factory of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/embed/python.h"
#include "harness/row/row_id.h"
#include "harness/row/traits.h"
#include "harness/strategies/job.h"
#include "harness/strategies/scripts.h"
#include "harness/team/team.h"
#include "harness/trace/recording.h"

namespace harness {

/// Which threads run an experiment, and so which rows of it there are.
enum class Threads {
  one,     ///< a thread of the host's own; a row of threads:1 only
  team,    ///< a team of the host's, the job split over its members; a row for each thread count
  caller,  ///< the main thread; threads:1 only
  pool,    ///< the main thread hands the job to a library's own threads; a row for each thread count
};

/// Whether the main thread is the one member, so that there is no other thread of the host's.
constexpr bool is_called_by_main_thread(Threads threads) {
  return threads == Threads::caller || threads == Threads::pool;
}

/// What a strategy has started before its execution is prepared.
class Started {
 public:
  Started() = default;
  virtual ~Started() = default;
  Started(const Started&) = delete;
  Started& operator=(const Started&) = delete;
};

/// For how long workers may all use no CPU time, before they count as hung, where the user does not say.
inline constexpr double kPatience_s = 30;

/// What that is started from.
struct StartStage {
  const embed::Python& python;  ///< outlives it
  int threads;                  ///< of the row
  std::string script;           ///< the path of the workload's own
  double patience_s = kPatience_s;
};

/// What an execution is prepared from; all of it outlives the execution.
struct Stage {
  const embed::Python& python;
  Scripts& scripts;
  const std::string& script;  ///< the workload's own, in the folder of scripts; "" where it has none
  const Job& job;
  const std::filesystem::path& cuda_module;  ///< the library of CUDA kernels; it may not be there
  int threads;                               ///< of the row
  int members;                               ///< of the team: `threads`, or 1 where the job is not split
  /// What Strategy::start returned; null where the row is not the first thing that its process does, or there
  /// is none.
  std::shared_ptr<Started> started = {};
  double patience_s = kPatience_s;
};

/// One row's way of running its job, prepared. Made and ended by the main thread.
class Execution {
 public:
  Execution() = default;
  virtual ~Execution() = default;
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  /// How many of the job's items it does, from the first on.
  virtual std::int64_t items() const = 0;

  /// How often run() does it, one after the other. From the first run on.
  virtual std::int64_t loops() const { return 1; }

  /// What a sentence about its result begins with: "the kernel".
  virtual std::string_view subject() const = 0;

  /// By each member in its own thread, before its first run. Where it throws there is nothing to leave.
  virtual void enter(int member, Slice slice) = 0;
  /// Once after enter(), by the first member: what must not be a part of the first timed run.
  virtual void warm_up() {}
  /// The member's part of one job, which is what is timed. Begins and ends detached. Returns the result of
  /// its slice, 0 where there is none. Throws ExperimentError.
  virtual embed::Integer run(int member) = 0;
  /// Undoes enter(), in the same thread.
  virtual void leave(int member) = 0;

  /// Where others than the team do the work: what their own clocks say of the last run. By the main thread.
  virtual void complete(JobTime& /*time*/) {}

  /// Where run() works on memory of its own: copies the job's buffers there, and back. Before the first run,
  /// and before what the last one left is verified. By the main thread, while no member runs. May throw
  /// ExperimentError.
  virtual void upload() {}
  virtual void download() {}
  /// As upload(), but of what run() reads only: what it has written there stays. Before a further run.
  virtual void upload_input() {}

  /// By each member in its own thread, before mismatch(): what only it can say of its last run. May throw
  /// ExperimentError.
  virtual void judge(int /*member*/) {}
  /// Says what is wrong with what the last run returned, where it is not the job that knows (Job::mismatch);
  /// "" where nothing is. By the main thread, while no member runs.
  virtual std::string mismatch() { return ""; }
  /// What a reader of the row must know of its results, as remarks of the row.
  virtual std::vector<std::string> remarks() const { return {}; }

  /// What looks on at the member's Python code, as embed::Settings has it. By the member, in its own
  /// thread.
  virtual std::string watchers(int /*member*/) { return ""; }

  /// Ends what the members other than `member` run now, as far as it is Python code; -1: all of them. From
  /// any thread that is not attached.
  virtual void stop_all_but(int member) const = 0;

  /// Where others than the team do the work: binds the i-th of them to cpus[i], for as long as it lives.
  /// Returns whether all are there; a pool starts them when it has something to do. By the main thread, while
  /// no member runs.
  virtual bool bind_workers(std::span<const int> /*cpus*/) { return true; }

  /// The processes that do its work; none where that is this one.
  virtual std::vector<std::int64_t> processes() const { return {}; }

  /// The native code of the last run, on the clock of its JobTime.
  virtual std::vector<trace::NamedSpan> regions() const { return {}; }
};

struct Strategy {
  std::string name;
  std::string summary;  ///< a line of --help
  Threads threads;
  Traits traits = {};
  std::vector<Label> variant = {};  ///< what tells several of one name apart, behind the threads
  bool planned = true;              ///< whether it has rows; help names it all the same
  bool on_request = false;          ///< its rows run only where a filter takes them
  bool may_hang = false;            ///< whether its team fails where it computes nothing, as workers do
  /// Throws NotApplicable, which says how to get it, where it has no meaning here. Null: it always has.
  std::function<void(Scripts&)> require = {};
  KernelFunction kernel =
      {};  ///< what it runs, where that is native code of the workload's own; null otherwise
  /// Where it starts processes: does so. By the main thread, while the process has no other thread. Throws
  /// ExperimentError, or NotApplicable.
  std::function<std::shared_ptr<Started>(const StartStage&)> start = {};
  // What it runs that is not this program's:
  bool own_script = false;   ///< the workload's own script
  std::string script = {};   ///< another one of the folder of scripts; "" where none
  std::string library = {};  ///< the user's library; "" where none
  /// By the main thread. Throws ExperimentError, or NotApplicable.
  std::function<std::unique_ptr<Execution>(const Stage&)> prepare;
};

}  // namespace harness
