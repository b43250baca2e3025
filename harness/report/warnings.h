// harness/report/warnings.h: what a careful reader should know before believing a run's numbers.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/row/row.h"

namespace harness {

/// What a run was like, as far as it bears on its numbers.
struct Conditions {
  bool debug_build = false;               ///< this program's own
  bool debug_interpreter = false;         ///< Py_DEBUG
  double allowed_cores = 0;               ///< by affinity and cgroup
  std::optional<double> cpu_quota_cores;  ///< what the control group grants; absent where it sets none
  std::size_t physical_cores = 0;         ///< among the allowed CPUs
  bool pinned = false;
  bool aslr_is_off = false;     ///< address space layout randomisation, see personality(2)
  int openmp_thread_limit = 0;  ///< OMP_THREAD_LIMIT, or what the runtime can do at most
  int openmp_levels = 1;        ///< OMP_MAX_ACTIVE_LEVELS
  bool openmp_dynamic = false;  ///< OMP_DYNAMIC: the runtime may give fewer threads than it is asked for
  std::vector<std::pair<std::string, std::string>> environment;  ///< PYTHON*, as CPython reads it
  std::string governor;          ///< of the CPU's frequency; "unknown" where the system does not say
  std::optional<double> others;  ///< share of the machine that other processes used meanwhile, 0 … 1
  std::optional<double> stolen;  ///< share that the hypervisor took, 0 … 1
};

/// One sentence each, in the order of their weight; empty where there is nothing to warn of.
std::vector<std::string> warnings_of(const Conditions& conditions, const std::vector<Row>& rows);

}  // namespace harness
