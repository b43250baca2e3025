// harness/gil_experiments/gil_experiments.h: what the GIL itself costs, apart from any workload.
#pragma once

#include <optional>
#include <vector>

#include "harness/run/experiment.h"

namespace harness {

/// What a process has had before an isolated row.
enum class ProcessState {
  fresh,                 ///< no thread but the main one
  after_a_thread_ended,  ///< one more, which ran Python code and ended
};

/// The rows of the group "gil", one file each, on request:
///   gil/detach_attach/spinners:K           one pair, beside K threads that compute in Python
///   gil/ensure_release/spinners:K          the same for PyGILState_Ensure and PyGILState_Release; alone
///                                          (…:0/state:S) for each ProcessState, else in a fresh process
///   gil/handoff/threads:N                  N threads that pass the GIL round; for each of `threads` over 1
///   gil/convoy/spinners:K/interval_us:I    a thread that needs the GIL for microseconds, beside K others
///   gil/overlap/held/threads:2, …/released/…  Python work done while a native kernel runs
/// `switch_interval_s`: the user's choice; convoy then runs with that one and not with its own three.
std::vector<Experiment> gil_experiments(const std::vector<int>& threads,
                                        std::optional<double> switch_interval_s);

Experiment detach_attach(int spinners);
Experiment ensure_release(int spinners, ProcessState state);
Experiment handoff(int threads);
Experiment convoy(int spinners, double switch_interval_s);
Experiment overlap(bool gil_held);

}  // namespace harness
