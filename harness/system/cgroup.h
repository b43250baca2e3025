// harness/system/cgroup.h: how much CPU and memory this process's control groups leave it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace harness {

/// The tightest limits on the way from this process's control group up to the topmost one that can be seen;
/// each is absent when nothing limits it.
struct CgroupLimits {
  std::optional<double> cpu_quota_cores;                ///< CPU time a second of wall time, in cores
  std::optional<std::uint64_t> memory_limit_bytes;      ///< the hard limit
  std::optional<std::uint64_t> memory_available_bytes;  ///< limit less what is used and cannot be reclaimed
};

/// Reads both versions of control groups, side by side where a system has both. `root` stands for "/": its
/// proc/self/cgroup and proc/self/mountinfo say where to look. What cannot be read limits nothing.
CgroupLimits read_cgroup_limits(const std::filesystem::path& root = "/");

/// The folders of `controller` ("cpu", "memory") below `root` that hold for this process, its own first, then
/// its parents up to the mount point. Empty when no such hierarchy is mounted. The second version's hierarchy
/// serves every controller that has no hierarchy of the first version. Format: proc_pid_mountinfo(5),
/// cgroups(7).
std::vector<std::filesystem::path> cgroup_folders(const std::filesystem::path& root,
                                                  std::string_view controller);

}  // namespace harness
