// harness/team/pinning.h: binds the threads of an experiment to CPUs, where the user wants it.
#pragma once

#include <string>
#include <vector>

namespace harness {

/// The CPUs that the calling thread may run on, ascending, as Linux writes a list of them: "0-3,7". "" where
/// the system does not say.
std::string cpus_of_this_thread();

/// Which CPU each thread of a team runs on. May be used by any thread.
class Pinning {
 public:
  /// Nothing is pinned.
  Pinning() = default;
  /// Thread i of a team is bound to cpus[i], the next ones to the first again. At least one CPU.
  explicit Pinning(std::vector<int> cpus) : cpus_(std::move(cpus)) {}

  bool is_on() const { return !cpus_.empty(); }

  /// That of member `member`; of a pinning that is on.
  int cpu_of(int member) const { return cpus_[static_cast<std::size_t>(member) % cpus_.size()]; }

  /// Binds the calling thread, member `member` of its team. Throws ExperimentError where the system refuses.
  void pin_member(int member) const;

  /// Binds the calling thread to the CPUs of a team of `threads` together, and with it every thread that it
  /// starts from now on: for one that hands the job to a kernel's own threads. Throws ExperimentError.
  void pin_to_all_of(int threads) const;

  /// Binds the calling thread to all of the CPUs. Throws ExperimentError.
  void pin_to_any() const;

  /// "thread 0 on CPU 0, thread 1 on CPU 2": the map for a team of `threads`; "none" where nothing is pinned.
  std::string map_of(int threads) const;

 private:
  std::vector<int> cpus_;
};

}  // namespace harness
