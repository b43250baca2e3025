// harness/system/machine.cpp: gathers the facts from /proc, /sys and a few system calls.
#include "harness/system/machine.h"

#include <sched.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>

#include "harness/system/cgroup.h"
#include "harness/system/text.h"

namespace harness {
namespace {

constexpr std::string_view kUnknown = "unknown";

std::string text_or_unknown(const std::filesystem::path& path) {
  const std::string text = read_text_file(path).value_or("");
  const std::string_view value = trimmed(text);
  return std::string(value.empty() ? kUnknown : value);
}

// One cpu_set_t holds 1024 CPUs; a kernel built for more refuses a set that is too small.
std::vector<int> read_affinity() {
  constexpr std::size_t kMostSets = 64;
  for (std::size_t count = 1; count <= kMostSets; count *= 2) {
    std::vector<cpu_set_t> sets(count);
    const std::size_t bytes = count * sizeof(cpu_set_t);
    if (::sched_getaffinity(0, bytes, sets.data()) != 0) continue;
    std::vector<int> cpus;
    for (std::size_t cpu = 0; cpu < count * CPU_SETSIZE; ++cpu) {
      if (CPU_ISSET_S(cpu, bytes, sets.data())) cpus.push_back(static_cast<int>(cpu));
    }
    return cpus;
  }
  return {};
}

std::optional<std::array<double, 3>> parse_load_average(std::string_view loadavg) {
  const auto words = words_of(loadavg);
  std::array<double, 3> average{};
  if (words.size() < average.size()) return std::nullopt;
  for (std::size_t i = 0; i < average.size(); ++i) average[i] = number_in<double>(words[i]).value_or(0);
  return average;
}

// What RLIMIT_AS leaves of this process's address space; nothing when it is not limited.
std::optional<std::uint64_t> address_space_left() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  const auto pages = number_in<std::uint64_t>(read_text_file("/proc/self/statm").value_or(""));
  const std::uint64_t used = pages.value_or(0) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return limit.rlim_cur - std::min<std::uint64_t>(used, limit.rlim_cur);
}

MemoryFacts read_memory(const std::filesystem::path& root, const CgroupLimits& limits) {
  MemoryFacts memory = parse_meminfo(read_text_file(root / "proc/meminfo").value_or(""));
  memory.total_bytes = std::min(memory.total_bytes, limits.memory_limit_bytes.value_or(UINT64_MAX));
  memory.available_bytes =
      std::min({memory.available_bytes, limits.memory_available_bytes.value_or(UINT64_MAX),
                address_space_left().value_or(UINT64_MAX)});
  return memory;
}

std::string describe_kernel() {
  utsname name{};
  if (::uname(&name) != 0) return std::string(kUnknown);
  return std::string(name.sysname) + " " + name.release + " " + name.machine;
}

// personality(2): this argument asks and changes nothing.
bool aslr_is_off_for_this_process() {
  const int persona = ::personality(0xffffffff);
  return persona != -1 && (persona & ADDR_NO_RANDOMIZE) != 0;
}

}  // namespace

Machine describe_machine(const std::filesystem::path& root) {
  const std::filesystem::path cpus = root / "sys/devices/system/cpu";
  const CgroupLimits limits = read_cgroup_limits(root);
  return {
      .cpu_model = parse_cpu_model(read_text_file(root / "proc/cpuinfo").value_or("")),
      .allowed_cpus = read_affinity(),
      .cpu_quota_cores = limits.cpu_quota_cores,
      .governor = text_or_unknown(cpus / "cpu0/cpufreq/scaling_governor"),
      .load_average = parse_load_average(read_text_file(root / "proc/loadavg").value_or("")),
      .aslr = describe_aslr(read_text_file(root / "proc/sys/kernel/randomize_va_space").value_or(""),
                            aslr_is_off_for_this_process()),
      .memory = read_memory(root, limits),
      .kernel = describe_kernel(),
      .distribution = parse_distribution(read_text_file(root / "etc/os-release").value_or("")),
      .caches = read_cpu_caches(root),
  };
}

double allowed_cores(const Machine& machine) {
  const auto allowed = static_cast<double>(machine.allowed_cpus.size());
  return std::min(allowed, machine.cpu_quota_cores.value_or(allowed));
}

std::string describe_aslr(std::string_view randomize_va_space, bool off_for_this_process) {
  const std::string_view value = trimmed(randomize_va_space);
  if (off_for_this_process || value == "0") return "off";
  if (value == "1") return "partial";
  if (value == "2") return "full";
  return std::string(kUnknown);
}

MemoryFacts parse_meminfo(std::string_view meminfo) {
  const auto bytes = [&](std::string_view key) {
    return number_in<std::uint64_t>(value_of(meminfo, key, ':')).value_or(0) << 10;
  };
  return {.total_bytes = bytes("MemTotal"), .available_bytes = bytes("MemAvailable")};
}

std::string parse_distribution(std::string_view os_release) {
  std::string_view name = value_of(os_release, "PRETTY_NAME", '=');
  if (name.size() >= 2 && name.front() == name.back() && (name.front() == '"' || name.front() == '\'')) {
    name = name.substr(1, name.size() - 2);
  }
  return std::string(name.empty() ? kUnknown : name);
}

}  // namespace harness
