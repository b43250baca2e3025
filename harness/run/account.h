// harness/run/account.h: where the time of a team's threads went.
//
// The window of a job is from the barrier's opening to the end of the last member. Each member's time in it
// is cut up: what traces saw keep it from its work; what came after its own end; and the rest, in which it
// used CPU time, or had no core, or was blocked by what nobody traces. So the parts always add up to members
// x window, which proves nothing; what can fail is checked. Pure functions of numbers.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "harness/row/counters.h"
#include "harness/team/team.h"
#include "harness/trace/losses.h"

namespace harness {

/// By trace::Loss.
template <typename Value>
using OfLosses = std::array<Value, 5>;

/// One or more jobs of a team, added up over jobs and members. Nanoseconds.
struct TimeParts {
  double all_ns = 0;            ///< members x window: what all below add up to
  OfLosses<double> lost_ns{};   ///< `blocked` with the time that nothing else explains
  double not_scheduled_ns = 0;  ///< an upper bound; within `blocked` where Linux does not say
  double idle_ns = 0;           ///< from a member's own end to the window's
  double cpu_ns = 0;            ///< CPU time besides that within the above
  double process_cpu_ns = 0;    ///< of the whole process
  double others_cpu_ns = 0;     ///< what of it neither a member had nor who waited for them

  TimeParts& operator+=(const TimeParts& other);
};

struct JobAccount {
  TimeParts parts;
  OfLosses<bool> seen{};      ///< that some trace would have seen
  bool has_run_delay = true;  ///< Linux says it of every member
  std::string missing;        ///< why a trace has not seen all; "" where each has
  std::string fault;          ///< what cannot be true; "" where nothing is
};

/// Of a job whose members' clocks were read. `losses` are what each trace saw of it; spans of threads that
/// are no members count for nothing.
///
/// Faults: two spans of a member overlap, by more than the traces' clocks differ; a member used more CPU time
/// than it had, or less than none.
JobAccount account_of(const JobTime& time, const std::vector<trace::Losses>& losses);

/// A repetition of a row: its jobs.
class RowAccount {
 public:
  void add(const JobAccount& job);

  std::size_t jobs() const { return jobs_; }

  /// The first of its jobs' that a trace has not seen all of says why. "" where there is none.
  const std::string& missing() const { return missing_; }

  /// The first fault of its jobs; or that the members are said to have used more CPU time than the process,
  /// beyond 2 %. "" where there is none.
  std::string fault() const;

  /// Shares of members x wall: `account_` and a kind of loss that was traced, or blocked, not_scheduled,
  /// idle; and the rest, account_cpu, which a row on one thread cuts into account_useful and account_slower
  /// (row/account.h). Where other threads had over 2 % of the process's CPU time, account_other_threads,
  /// which is no part of these. account_cpu_ns is the CPU time a job. Nothing where something is
  /// missing, a check failed, or nothing was added.
  Counters counters() const;

 private:
  double others_beyond_clocks_ns() const;

  std::size_t jobs_ = 0;
  TimeParts parts_;
  OfLosses<bool> seen_{};
  bool has_run_delay_ = true;
  std::string missing_;
  std::string fault_;
};

}  // namespace harness
