// harness/team/placement.h: on which core each member of a team starts, and whether two of them share one.
//
// Linux may put two threads onto one core while another is idle, and leaves them there for seconds if they
// take turns, as threads do that share a GIL. So each job begins with each member on a core of its own. After
// that Linux does as it likes.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "harness/system/cpu_topology.h"

namespace harness {

/// May be used by any thread.
class Placement {
 public:
  /// Members start where Linux puts them, and nobody looks where that is.
  Placement() = default;
  /// `homes`: CPUs of as many different cores, one for each member of a team that is no larger. Empty:
  /// members start where Linux puts them. `machine`: all CPUs; empty: nobody looks where members are.
  /// `home_of_one`: where the one member of a team of one is to start, which may change from job to job;
  /// null, or below 0: where Linux puts it.
  explicit Placement(CoreMap machine, std::vector<int> homes = {},
                     std::shared_ptr<const std::atomic<int>> home_of_one = {})
      : machine_(std::move(machine)), homes_(std::move(homes)), home_of_one_(std::move(home_of_one)) {}

  /// The same homes for a team that nobody looks at, with a `home_of_one` of its own.
  Placement unwatched(std::shared_ptr<const std::atomic<int>> home_of_one) const {
    return Placement(CoreMap(), homes_, std::move(home_of_one));
  }

  /// Where member `member` of a team of `size` is to start. Nothing where it need not, or where there are
  /// more members than cores.
  std::optional<int> home_of(int member, int size) const;

  bool looks() const { return machine_ != CoreMap(); }

  /// Whether two of `cpus`, one for each member, are of one physical core. Nothing where one is not known.
  std::optional<bool> is_shared(std::span<const int> cpus) const;

 private:
  CoreMap machine_;
  std::vector<int> homes_;
  std::shared_ptr<const std::atomic<int>> home_of_one_;
};

/// Moves the calling thread to `cpu`. The CPUs that it may use are the same afterwards as before; where that
/// is none of them it stays.
void move_this_thread_to(int cpu);

/// Binds a thread of any process, by its id, to `cpu`. Where Linux refuses, it runs where it ran.
void bind_to(pid_t thread, int cpu);

}  // namespace harness
