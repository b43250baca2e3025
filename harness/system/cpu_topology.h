// harness/system/cpu_topology.h: which logical CPUs share a physical core, and in which order to use them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
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

/// Those of `cpus` whose cores are of the same kind as that of the first, as far as /sys below `root` tells:
/// with the same capacity and the same highest frequency.
std::vector<int> alike(const std::vector<int>& cpus, const std::filesystem::path& root = "/");

/// Which physical core each logical CPU belongs to.
class CoreMap {
 public:
  /// Nothing is known.
  CoreMap() = default;
  explicit CoreMap(const std::vector<CoreOfCpu>& cores);
  /// `cpus_of_cores[i]` are the CPUs of the i-th core: cpus_of_cores() of another. None is negative.
  explicit CoreMap(const std::vector<std::vector<int>>& cpus_of_cores);

  /// Whether the two CPUs are of one physical core. Nothing where one of them is not known.
  std::optional<bool> share_core(int one, int other) const;

  /// The core's number in this map. Nothing where the CPU is not known.
  std::optional<int> core_of(int cpu) const;

  /// The CPUs of each core, ascending.
  std::vector<std::vector<int>> cpus_of_cores() const;

  bool operator==(const CoreMap&) const = default;

 private:
  void add(int cpu, int core);

  std::vector<int> core_of_cpu_;  // -1: not known
};

/// That of all CPUs which the system has, whether or not this process may use them.
CoreMap cores_of_this_machine();

}  // namespace harness
