// harness/system/machine.h: the facts about the machine that stand beside every result.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/system/cpu_info.h"

namespace harness {

/// What this process can use, in bytes; each the tightest of the machine's, the control group's and
/// (available only) RLIMIT_AS's.
struct MemoryFacts {
  std::uint64_t total_bytes = 0;
  std::uint64_t available_bytes = 0;
};

/// The machine as this process sees it. A text that the system does not tell is "unknown".
struct Machine {
  std::string cpu_model;
  std::vector<int> allowed_cpus;          ///< by this thread's affinity mask, ascending
  std::optional<double> cpu_quota_cores;  ///< the control group's; absent when it sets none
  std::string governor;                   ///< of CPU 0's frequency: "performance", "powersave", …
  std::optional<std::array<double, 3>> load_average;  ///< runnable threads over 1, 5 and 15 minutes
  std::string aslr;                                   ///< see describe_aslr()
  MemoryFacts memory;
  std::string kernel;        ///< name, release and architecture
  std::string distribution;  ///< as it calls itself
  std::vector<CpuCache> caches;
};

/// Looks at the machine now. `root` stands for "/" where facts come out of files (/proc, /sys, /etc);
/// affinity, RLIMIT_AS, personality and the kernel's name are always this process's own. Never throws for a
/// missing fact.
Machine describe_machine(const std::filesystem::path& root = "/");

/// How many cores this process may keep busy: the number of allowed CPUs, or the quota where that is less.
double allowed_cores(const Machine& machine);

/// `randomize_va_space` is the text of /proc/sys/kernel/randomize_va_space: "full" (2), "partial" (1) or
/// "off" (0, or switched off for this process alone by personality(ADDR_NO_RANDOMIZE)), else "unknown".
std::string describe_aslr(std::string_view randomize_va_space, bool off_for_this_process);

/// MemTotal and MemAvailable out of the text of /proc/meminfo; 0 for what is not there.
MemoryFacts parse_meminfo(std::string_view meminfo);

/// PRETTY_NAME out of the text of /etc/os-release, without its quotes; "unknown" when it has none.
std::string parse_distribution(std::string_view os_release);

}  // namespace harness
