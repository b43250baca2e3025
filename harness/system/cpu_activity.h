// harness/system/cpu_activity.h: how much of the machine others used while something was timed.
#pragma once

#include <optional>
#include <string_view>

namespace harness {

/// Shares of the whole machine's CPU time, 0 to 1.
struct CpuShares {
  double machine_s = 0;  ///< what they are shares of. Linux counts it in ticks, most often of 10 ms a CPU
  double others = 0;  ///< spent in processes other than this one and its children, and in the kernel for them
  double stolen = 0;  ///< taken by the hypervisor for somebody else
};

/// What the machine and this process have spent up to one moment, in seconds of CPU time. Two of them, before
/// and after, tell what happened in between. Inside a container the figures are the whole machine's.
struct CpuActivity {
  double busy_s = 0;    ///< every CPU's time in processes, the kernel and interrupts
  double idle_s = 0;    ///< every CPU's time with nothing to do, waiting for a disk included
  double stolen_s = 0;  ///< every CPU's time that the hypervisor gave to others
  double own_s = 0;  ///< this process's time, all its threads, and that of the processes that it has started

  /// Reads /proc/stat, getrusage(), and what /proc says of each descendant. Nothing when there is no readable
  /// /proc/stat.
  static std::optional<CpuActivity> now();
};

/// Reads the summary line of /proc/stat's text; own_s stays 0. Nothing when the line is missing or short.
/// Format: proc_stat(5). `ticks_per_second` is sysconf(_SC_CLK_TCK).
std::optional<CpuActivity> parse_cpu_activity(std::string_view proc_stat, double ticks_per_second);

/// What happened between two snapshots, `before` taken first. Nothing when no tick has passed.
std::optional<CpuShares> cpu_shares(const CpuActivity& before, const CpuActivity& after);

}  // namespace harness
