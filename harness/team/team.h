// harness/team/team.h: the native threads that run one experiment together.
#pragma once

#include <time.h>

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "harness/team/core_sharing.h"
#include "harness/team/placement.h"

namespace harness {

/// What one member had of a job.
struct MemberTime {
  std::int64_t os_id;   ///< gettid()
  std::int64_t end_ns;  ///< it finished; CLOCK_MONOTONIC
  std::int64_t cpu_ns;  ///< its CPU time from the barrier's opening, or from begin_ns, to that
  /// How long it could run and had no core, from just before the barrier's opening on; absent where Linux
  /// does not say.
  std::optional<std::int64_t> run_delay_ns;
  /// Where another's worker began its slice later than the job, from when its clocks count; CLOCK_MONOTONIC.
  std::int64_t begin_ns = 0;
};

/// When one job began and ended, and what it cost.
struct JobTime {
  std::int64_t begin_ns;  ///< the barrier opened, where there is one; CLOCK_MONOTONIC
  std::int64_t end_ns;    ///< the last member finished; CLOCK_MONOTONIC
  double cpu_s;           ///< CPU time of the whole process in between
  int team_size = 0;      ///< members; 0 where the team is the calling thread
  /// What of cpu_s the members had, those that waited for the last one included, and who called run().
  double team_cpu_s = 0;
  /// Each member's. Empty where the team is the calling thread, and where the job before was shorter than
  /// kLongJob_ns: a short one would be timed together with the reading of its clocks.
  std::vector<MemberTime> members = {};
  /// Looks of every kLook_ns, and one as the first member finished. None where the team is smaller than two,
  /// where its placement does not look, or where the kernel does not note a thread's CPU.
  CoreSharing sharing = {};
  /// gettid() of the threads of this process that work on it, where the others only wait for them; absent:
  /// all.
  std::optional<std::vector<std::int64_t>> workers = {};

  /// Whether a thread of this process works on it, so that traces see what it waits for.
  bool is_watched() const { return !workers || !workers->empty(); }
  double wall_s() const { return static_cast<double>(end_ns - begin_ns) * 1e-9; }
};

/// From this length on, the members' own clocks are read around a job. It is so long that what their reading
/// takes does not show in its time.
inline constexpr std::int64_t kLongJob_ns = 1'000'000;

/// How often the caller of a job looks where its members are: it wakes up for that.
inline constexpr std::int64_t kLook_ns = 10'000'000;

/// CPU time of the whole process until now.
double process_cpu_s();

/// What a team does besides its jobs. Each may be empty.
struct TeamHooks {
  std::function<void(int member)> enter;  ///< in each thread, before its first job
  std::function<void(int member)> leave;  ///< in each thread whose enter() succeeded, after its last job
  /// In the first member whose job failed, after its body was left, so that it can stop the others.
  std::function<void(int member)> failed;
  /// By the thread that waits for the members, where it would wait for ever: no thread of this process but it
  /// has used any CPU time for `patience_s`, or a member has failed and others do not stop. It is given the
  /// first member's error, or one that says that they hang, and ends the process. Empty: they may take as
  /// long as they like.
  std::function<void(const std::exception_ptr& error)> give_up = {};
  double patience_s = 0;
};

/// A fixed number of persistent threads, or the calling thread as a team of one. A job starts for all at
/// once, when the last of them is ready. Used by one thread at a time.
class Team {
 public:
  using Body = std::function<void(int member)>;

  /// Starts `size` >= 1 threads and runs `hooks.enter` in each; rethrows the first error after all have
  /// ended. `spin_cores`: a team of no more members than this waits busily, for a moment at most, for the
  /// next job and for its start, so that no member's wake-up from sleep (tens of microseconds) is timed as
  /// part of the job, nor paid between two; a larger one sleeps. `placement`: where each job begins.
  Team(int size, TeamHooks hooks, int spin_cores, Placement placement = {});
  /// The calling thread is the only member, and the only one to use the team and to end it. This is for jobs
  /// that have threads of their own: where those are as many as the cores, a member beside them is one thread
  /// too many, since it wakes around each job even if it sleeps meanwhile.
  explicit Team(TeamHooks hooks);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int size() const { return static_cast<int>(members_.size()); }

  /// Reads the members' clocks after jobs of this length already, instead of kLongJob_ns.
  void read_clocks_from(std::int64_t job_ns) { long_job_ns_ = job_ns; }

  /// Runs `body(member)` in every member and returns when the last has finished. Rethrows the first
  /// member's error, after all have finished; the team can be used again.
  JobTime run(const Body& body);

  /// Likewise, for a job that is not timed: whether clocks are read around the next one does not depend on
  /// it.
  JobTime run_aside(const Body& body);

 private:
  struct alignas(64) Member {
    MemberTime time{};
    std::int64_t begin_cpu_ns = 0;
    clockid_t cpu_clock = 0;
    const volatile std::int32_t* cpu_note = nullptr;  // cpu_note_of_this_thread()
    std::jthread thread;                              // none where the calling thread is the member
  };

  /// What the thread that waits for the members has seen of them.
  struct Progress {
    std::int64_t next_look_ns;
    std::optional<std::int64_t> cpu_ns = {};           // of all threads but that one
    std::int64_t cpu_since_ns = 0;                     // it is that
    std::optional<std::int64_t> failed_since_ns = {};  // a member has
  };

  static std::size_t index(int member) { return static_cast<std::size_t>(member); }

  JobTime run_here(const Body& body);
  void live(int member);
  void run_member(Member& self, int member, int job);
  void await_start(int member, int job);
  std::int64_t team_cpu_ns() const;
  void finish(int job);
  void await_done(int job);
  void look_for_progress(int job, Progress& seen);
  std::optional<bool> is_core_shared(std::vector<int>& cpus) const;
  bool attempt(const std::function<void()>& action) noexcept;  // false where it is the first to fail
  void finish_all() noexcept;

  TeamHooks hooks_;
  const Placement placement_;
  const bool spin_ = false;
  const bool here_ = false;
  std::vector<Member> members_;

  const Body* body_ = nullptr;
  std::exception_ptr error_;
  std::int64_t long_job_ns_ = kLongJob_ns;
  bool reads_clocks_ = false;  // in this job
  clockid_t callers_clock_ = 0;
  std::int64_t begin_ns_ = 0;
  std::int64_t callers_begin_cpu_ns_ = 0;
  double begin_cpu_s_ = 0;
  double end_cpu_s_ = 0;
  std::int64_t team_cpu_ns_ = 0;
  CoreSharing sharing_;                          // of this job, what the caller has seen
  std::vector<int> callers_cpus_, first_cpus_;   // room for what the caller, and the first to finish, see
  std::optional<bool> is_shared_as_first_ends_;  // what the first to finish saw

  // Each is written by few and read by all: a cache line each.
  alignas(64) std::atomic<int> job_{1};      ///< number of the newest job; kQuit ends the threads
  alignas(64) std::atomic<int> ready_{0};    ///< members that wait for the start, but for member 0
  alignas(64) std::atomic<int> started_{0};  ///< number of the newest job whose barrier is open
  alignas(64) std::atomic<int> running_{0};  ///< members that have not finished the job
  alignas(64) std::atomic<int> done_{0};     ///< number of the newest job that all have finished
  alignas(64) std::atomic<bool> first_ends_{false};
  alignas(64) std::atomic<bool> failed_{false};
  std::atomic<bool> has_error_{false};  ///< what error_ is, others than the member that failed may read
};

}  // namespace harness
