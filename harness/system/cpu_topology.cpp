// harness/system/cpu_topology.cpp: reads /sys/devices/system/cpu/cpuN/topology.
#include "harness/system/cpu_topology.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "harness/system/text.h"

namespace harness {

std::vector<CoreOfCpu> cores_of(const std::vector<int>& cpus, const std::filesystem::path& root) {
  std::vector<CoreOfCpu> cores;
  for (const int cpu : cpus) {
    const auto folder = root / "sys/devices/system/cpu" / ("cpu" + std::to_string(cpu)) / "topology";
    const auto number = [&](const char* file) {
      return number_in<int>(read_text_file(folder / file).value_or(""));
    };
    const auto core = number("core_id");
    // -1 is no core's number, so -1 - cpu is shared with no other.
    cores.push_back(
        {.cpu = cpu, .package = number("physical_package_id").value_or(0), .core = core.value_or(-1 - cpu)});
  }
  return cores;
}

std::vector<int> distinct_cores_first(const std::vector<CoreOfCpu>& cores) {
  std::map<std::pair<int, int>, int> used;  // how many CPUs of each core there have been
  std::vector<std::pair<int, int>> order;   // that number, and the CPU
  for (const CoreOfCpu& core : cores) order.emplace_back(used[{core.package, core.core}]++, core.cpu);
  std::ranges::stable_sort(order, {}, &std::pair<int, int>::first);
  std::vector<int> cpus;
  for (const auto& [number, cpu] : order) cpus.push_back(cpu);
  return cpus;
}

std::size_t count_cores(const std::vector<CoreOfCpu>& cores) {
  std::set<std::pair<int, int>> distinct;
  for (const CoreOfCpu& core : cores) distinct.emplace(core.package, core.core);
  return distinct.size();
}

}  // namespace harness
