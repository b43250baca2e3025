// harness/system/cgroup.cpp: finds the control groups of this process and walks up their folders.
#include "harness/system/cgroup.h"

#include <algorithm>
#include <string>

#include "harness/system/text.h"

namespace harness {
namespace {

// The first version says "unlimited" as the largest multiple of the page size that fits in 63 bits.
constexpr std::uint64_t kUnlimitedBytes = std::uint64_t{1} << 60;

struct Hierarchy {
  std::filesystem::path mount_point;
  std::string mounted_folder;  // which folder of the hierarchy stands at the mount point
  bool is_v1 = false;
};

bool lists(std::string_view comma_separated, std::string_view item) {
  return ("," + std::string(comma_separated) + ",").find("," + std::string(item) + ",") != std::string::npos;
}

// A line reads "36 35 98:0 /folder /mount/point options [more…] - type source superblock-options".
std::optional<Hierarchy> find_hierarchy(std::string_view mountinfo, std::string_view controller) {
  std::optional<Hierarchy> found;
  for (const std::string_view line : lines_of(mountinfo)) {
    const std::vector<std::string_view> words = words_of(line);
    const auto dash = std::find(words.begin(), words.end(), "-");
    if (words.size() < 5 || words.end() - dash < 4) continue;
    const bool is_v1 = dash[1] == "cgroup" && lists(dash[3], controller);
    if (!is_v1 && (dash[1] != "cgroup2" || found)) continue;
    found = {.mount_point = words[4], .mounted_folder = std::string(words[3]), .is_v1 = is_v1};
  }
  return found;
}

// A line reads "hierarchy-number:controllers:/folder"; the second version's is "0::/folder".
std::string_view own_folder(std::string_view cgroups, const Hierarchy& hierarchy,
                            std::string_view controller) {
  for (const std::string_view line : lines_of(cgroups)) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const bool matches = hierarchy.is_v1 ? lists(controllers, controller) : line.starts_with("0::");
    if (matches) return line.substr(second + 1);
  }
  return "/";
}

std::optional<std::uint64_t> read_number(const std::filesystem::path& path) {
  return number_in<std::uint64_t>(read_text_file(path).value_or(""));
}

// "max 100000" or "150000 100000": quota and period in microseconds.
std::optional<double> cpu_quota_of(const std::filesystem::path& folder) {
  std::string text;
  if (auto v2 = read_text_file(folder / "cpu.max")) {
    text = *v2;
  } else {
    text = read_text_file(folder / "cpu.cfs_quota_us").value_or("") + " " +
           read_text_file(folder / "cpu.cfs_period_us").value_or("");
  }
  const std::vector<std::string_view> words = words_of(text);
  if (words.size() < 2) return std::nullopt;
  const auto quota_us = number_in<std::int64_t>(words[0]);
  const auto period_us = number_in<std::int64_t>(words[1]);
  if (!quota_us || *quota_us <= 0 || !period_us || *period_us <= 0) return std::nullopt;
  return static_cast<double>(*quota_us) / static_cast<double>(*period_us);
}

struct MemoryOf {
  std::uint64_t limit_bytes;
  std::uint64_t available_bytes;
};

std::optional<MemoryOf> memory_of(const std::filesystem::path& folder) {
  const bool is_v2 = std::filesystem::exists(folder / "memory.max");
  const auto limit = read_number(folder / (is_v2 ? "memory.max" : "memory.limit_in_bytes"));
  if (!limit || *limit >= kUnlimitedBytes) return std::nullopt;
  const auto used = read_number(folder / (is_v2 ? "memory.current" : "memory.usage_in_bytes"));
  // Page cache that the kernel gives up before it refuses memory.
  const std::string statistics = read_text_file(folder / "memory.stat").value_or("");
  const auto cached =
      number_in<std::uint64_t>(value_of(statistics, is_v2 ? "inactive_file" : "total_inactive_file", ' '));
  const std::uint64_t kept = used.value_or(0) - std::min(cached.value_or(0), used.value_or(0));
  return MemoryOf{.limit_bytes = *limit, .available_bytes = *limit - std::min(kept, *limit)};
}

template <typename Number>
void tighten(std::optional<Number>& limit, std::optional<Number> other) {
  if (other && (!limit || *other < *limit)) limit = other;
}

}  // namespace

std::vector<std::filesystem::path> cgroup_folders(const std::filesystem::path& root,
                                                  std::string_view controller) {
  const std::string mountinfo = read_text_file(root / "proc/self/mountinfo").value_or("");
  const std::string cgroups = read_text_file(root / "proc/self/cgroup").value_or("");
  const std::optional<Hierarchy> hierarchy = find_hierarchy(mountinfo, controller);
  if (!hierarchy) return {};
  const std::filesystem::path top = root / hierarchy->mount_point.relative_path();
  // In a container the folder may lie outside of what is mounted; then the mount point is the nearest thing.
  const auto below = std::filesystem::path(own_folder(cgroups, *hierarchy, controller))
                         .lexically_relative(hierarchy->mounted_folder);
  std::vector<std::filesystem::path> folders;
  if (!below.empty() && *below.begin() != "..") {
    for (auto part = below; !part.empty() && part != "."; part = part.parent_path()) {
      folders.push_back(top / part);
    }
  }
  folders.push_back(top);
  return folders;
}

CgroupLimits read_cgroup_limits(const std::filesystem::path& root) {
  CgroupLimits limits;
  for (const auto& folder : cgroup_folders(root, "cpu"))
    tighten(limits.cpu_quota_cores, cpu_quota_of(folder));
  for (const auto& folder : cgroup_folders(root, "memory")) {
    const auto memory = memory_of(folder);
    if (!memory) continue;
    tighten(limits.memory_limit_bytes, std::optional(memory->limit_bytes));
    tighten(limits.memory_available_bytes, std::optional(memory->available_bytes));
  }
  return limits;
}

}  // namespace harness
