// harness/system/cpu_info.cpp: reads /proc/cpuinfo and /sys/devices/system/cpu.
#include "harness/system/cpu_info.h"

#include <algorithm>

#include "harness/system/text.h"

namespace harness {
namespace {

// "512K", "32M": the kernel's way to write a cache's size.
std::uint64_t parse_size(std::string_view text) {
  const std::uint64_t number = number_in<std::uint64_t>(text).value_or(0);
  if (text.ends_with('K')) return number << 10;
  if (text.ends_with('M')) return number << 20;
  if (text.ends_with('G')) return number << 30;
  return number;
}

}  // namespace

std::string parse_cpu_model(std::string_view cpuinfo) {
  for (const std::string_view key : {"model name", "Model", "Hardware"}) {
    const std::string_view value = value_of(cpuinfo, key, ':');
    if (!value.empty()) return std::string(value);
  }
  const std::string_view implementer = value_of(cpuinfo, "CPU implementer", ':');
  const std::string_view part = value_of(cpuinfo, "CPU part", ':');
  if (implementer.empty() || part.empty()) return "unknown";
  return "implementer " + std::string(implementer) + " part " + std::string(part);
}

std::vector<int> parse_cpu_list(std::string_view list) {
  std::vector<int> cpus;
  while (!list.empty()) {
    const std::string_view range = list.substr(0, list.find(','));
    list.remove_prefix(std::min(range.size() + 1, list.size()));
    const auto first = number_in<int>(range);
    if (!first) continue;
    const auto dash = range.find('-');
    const auto last = dash == std::string_view::npos ? first : number_in<int>(range.substr(dash + 1));
    for (int cpu = *first; cpu <= last.value_or(*first); ++cpu) cpus.push_back(cpu);
  }
  return cpus;
}

std::vector<CpuCache> read_cpu_caches(const std::filesystem::path& root) {
  std::vector<CpuCache> caches;
  while (true) {
    const auto folder =
        root / "sys/devices/system/cpu/cpu0/cache" / ("index" + std::to_string(caches.size()));
    const auto level = number_in<int>(read_text_file(folder / "level").value_or(""));
    if (!level) return caches;
    const std::string size = read_text_file(folder / "size").value_or("");
    const std::string type = read_text_file(folder / "type").value_or("");
    const std::string shared = read_text_file(folder / "shared_cpu_list").value_or("");
    caches.push_back({.level = *level,
                      .type = std::string(trimmed(type)),
                      .size_bytes = parse_size(trimmed(size)),
                      .shared_by_cpus = static_cast<int>(parse_cpu_list(trimmed(shared)).size())});
  }
}

}  // namespace harness
