// harness/system/cpu_topology.cpp: reads /sys/devices/system/cpu/cpuN/topology.
#include "harness/system/cpu_topology.h"

#include <unistd.h>

#include <algorithm>
#include <iterator>
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

std::vector<int> alike(const std::vector<int>& cpus, const std::filesystem::path& root) {
  const auto kind_of = [&](int cpu) {
    const auto folder = root / "sys/devices/system/cpu" / ("cpu" + std::to_string(cpu));
    return std::pair(read_text_file(folder / "cpu_capacity").value_or(""),
                     read_text_file(folder / "cpufreq/cpuinfo_max_freq").value_or(""));
  };
  std::vector<int> result;
  std::ranges::copy_if(cpus, std::back_inserter(result),
                       [&](int cpu) { return kind_of(cpu) == kind_of(cpus.front()); });
  return result;
}

CoreMap::CoreMap(const std::vector<CoreOfCpu>& cores) {
  std::map<std::pair<int, int>, int> numbers;
  for (const CoreOfCpu& core : cores) {
    const auto number =
        numbers.try_emplace({core.package, core.core}, static_cast<int>(numbers.size())).first->second;
    add(core.cpu, number);
  }
}

CoreMap::CoreMap(const std::vector<std::vector<int>>& cpus_of_cores) {
  int number = 0;
  for (const std::vector<int>& cpus : cpus_of_cores) {
    for (const int cpu : cpus) add(cpu, number);
    ++number;
  }
}

void CoreMap::add(int cpu, int core) {
  const auto at = static_cast<std::size_t>(cpu);
  if (at >= core_of_cpu_.size()) core_of_cpu_.resize(at + 1, -1);
  core_of_cpu_[at] = core;
}

std::optional<int> CoreMap::core_of(int cpu) const {
  const auto at = static_cast<std::size_t>(cpu);
  if (cpu < 0 || at >= core_of_cpu_.size() || core_of_cpu_[at] < 0) return std::nullopt;
  return core_of_cpu_[at];
}

std::optional<bool> CoreMap::share_core(int one, int other) const {
  const auto a = core_of(one);
  const auto b = core_of(other);
  if (!a || !b) return std::nullopt;
  return *a == *b;
}

std::vector<std::vector<int>> CoreMap::cpus_of_cores() const {
  std::map<int, std::vector<int>> of_core;
  for (std::size_t cpu = 0; cpu < core_of_cpu_.size(); ++cpu) {
    if (core_of_cpu_[cpu] >= 0) of_core[core_of_cpu_[cpu]].push_back(static_cast<int>(cpu));
  }
  std::vector<std::vector<int>> all;
  for (auto& [core, cpus] : of_core) all.push_back(std::move(cpus));
  return all;
}

CoreMap cores_of_this_machine() {
  std::vector<int> cpus;
  for (int cpu = 0; cpu < sysconf(_SC_NPROCESSORS_CONF); ++cpu) cpus.push_back(cpu);
  return CoreMap(cores_of(cpus));
}

std::size_t count_cores(const std::vector<CoreOfCpu>& cores) {
  std::set<std::pair<int, int>> distinct;
  for (const CoreOfCpu& core : cores) distinct.emplace(core.package, core.core);
  return distinct.size();
}

}  // namespace harness
