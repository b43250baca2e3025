// harness/system/cpu_info.h: which CPU this is and what caches it has.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace harness {

/// One cache as CPU 0 sees it.
struct CpuCache {
  int level = 0;
  std::string type;  ///< "Data", "Instruction" or "Unified", as the kernel says
  std::uint64_t size_bytes = 0;
  int shared_by_cpus = 0;  ///< how many logical CPUs use it
};

/// The model out of the text of /proc/cpuinfo: "model name" where there is one (x86), else "Model" or
/// "Hardware" (boards), else the implementer and part numbers (64-bit ARM), which lscpu translates;
/// "unknown" when there is nothing of that.
std::string parse_cpu_model(std::string_view cpuinfo);

/// The CPUs of a list such as "0-3,8": the format of /sys/devices/system/cpu/online and of cpusets. What is
/// not a number is passed over.
std::vector<int> parse_cpu_list(std::string_view list);

/// The caches of CPU 0 below `root`, which stands for "/"; empty when the kernel does not tell.
std::vector<CpuCache> read_cpu_caches(const std::filesystem::path& root = "/");

}  // namespace harness
