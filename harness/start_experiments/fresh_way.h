// harness/start_experiments/fresh_way.h: a way around the GIL that is entered, used and left.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "harness/run/session.h"
#include "harness/strategies/strategy.h"
#include "harness/team/team.h"

namespace harness {

/// A strategy with a script of this group, whose job is run when the owner says so. For the main thread, but
/// for stop(). All functions may throw as Execution's do.
class FreshWay {
 public:
  /// Starts what it starts, loads the script, enters. What is given must outlive it. `home_of_one`: the CPU
  /// that each run of the one member of a team of one begins on, as Placement has it; --pin does not bind it
  /// then.
  FreshWay(Session& session, const Strategy& strategy, int workers, const std::string& script, const Job& job,
           std::shared_ptr<const std::atomic<int>> home_of_one = {});

  /// Runs the job once. Its time is that of a team's members, from when all of them run: without the way to
  /// them and back. Where the main thread is the one member, it is the whole call.
  JobTime run();

  /// From now on each of two workers or more has a core of its own, as the members of a team begin each run
  /// on one; where threads are placed, and there are as many cores. Those of --pin are the user's. Between
  /// two runs; it costs nothing once all workers are there.
  void keep_workers_apart();

  /// The job's buffers to where it works, or those of them that it only reads; and back.
  void upload() { execution_->upload(); }
  void upload_input() { execution_->upload_input(); }
  void download() { execution_->download(); }

  /// The memory that its processes have to themselves; where it has none, that of this one. In bytes, where
  /// Linux says it.
  std::optional<std::int64_t> private_memory() const;
  bool has_processes() const { return !execution_->processes().empty(); }

  /// As Execution::stop_all_but(-1). From any thread that is not attached.
  void stop() const { execution_->stop_all_but(-1); }

 private:
  std::unique_ptr<Execution> execution_of(Session& session, const Strategy& strategy, int workers,
                                          const std::string& script, const Job& job) const;
  static std::vector<int> homes_of(const Session& session, int workers);
  Team team_of(const Session& session, const Strategy& strategy, int workers,
               std::shared_ptr<const std::atomic<int>> home_of_one);

  std::vector<int> homes_;  // of its workers; empty where they are there already, or Linux places them
  const std::unique_ptr<Scripts> scripts_;
  const std::unique_ptr<Execution> execution_;
  Team team_;  // last: its threads use what is above
};

}  // namespace harness
