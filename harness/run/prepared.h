// harness/run/prepared.h: one experiment with its team, ready to be timed.
#pragma once

#include <mutex>
#include <vector>

#include "harness/embed/python.h"
#include "harness/run/plan.h"
#include "harness/team/team.h"

namespace harness {

/// An experiment's team and calls. Belongs to one thread, but for stop().
class Prepared {
 public:
  /// Starts the team. `script` may be null where the strategy runs none. `job` and `script` must outlive
  /// this. Throws ExperimentError.
  Prepared(const embed::Api& api, const Experiment& experiment, const Job& job, embed::Script* script,
           int spin_cores);

  /// Runs the job once on an output that is wrong everywhere, and verifies it. Before anything is timed.
  /// Throws ExperimentError.
  void run_first();

  /// Runs the job once. Throws ExperimentError.
  JobTime run();

  /// Compares the output of the last run with the reference. Throws ExperimentError.
  void verify() const;

  /// Ends the Python code that the team runs now, or would run next. From any thread that is not attached.
  void stop() const;

 private:
  struct Member {
    embed::ThreadState* thread = nullptr;
    embed::Call* call = nullptr;
    embed::Integer result = 0;
    Slice slice{};
  };

  void enter(int member);
  void leave(int member);
  void stop_others(int member) const;
  std::vector<embed::ThreadState*> threads_but(int member) const;

  const embed::Api& api_;
  const Experiment experiment_;
  const Job& job_;
  embed::Script* const script_;
  std::vector<Member> members_;
  Team team_;  // last: its threads use what is above
};

}  // namespace harness
