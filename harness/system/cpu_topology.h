// harness/system/cpu_topology.h: which logical CPUs share a physical core, and in which order to use them.
#pragma once

#include <filesystem>
#include <vector>

namespace harness {

/// A logical CPU and the physical core that it belongs to.
struct CoreOfCpu {
  int cpu = 0;
  int package = 0;
  int core = 0;  ///< unique within the package

  bool operator==(const CoreOfCpu&) const = default;
};

/// The physical cores of `cpus`, from /sys below `root`, which stands for "/". A CPU of which the system does
/// not tell counts as a core of its own.
std::vector<CoreOfCpu> cores_of(const std::vector<int>& cpus, const std::filesystem::path& root = "/");

/// The CPUs of `cores`, one of each physical core first, then second hardware threads, and so on.
std::vector<int> distinct_cores_first(const std::vector<CoreOfCpu>& cores);

/// How many physical cores there are among them.
std::size_t count_cores(const std::vector<CoreOfCpu>& cores);

}  // namespace harness
