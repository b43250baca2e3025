// harness/system/private_memory.cpp: how much memory a process has to itself.
#include "harness/system/private_memory.h"

#include <fstream>
#include <string>

namespace harness {

std::optional<std::int64_t> private_bytes(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/smaps_rollup");
  return private_bytes_in(file);
}

std::optional<std::int64_t> private_bytes_in(std::istream& smaps_rollup) {
  std::optional<std::int64_t> bytes;
  std::string key;
  std::getline(smaps_rollup, key);  // the range of addresses
  for (std::int64_t kib = 0; smaps_rollup >> key >> kib; std::getline(smaps_rollup, key)) {
    if (key == "Private_Dirty:" || key == "Private_Hugetlb:") bytes = bytes.value_or(0) + kib * 1024;
  }
  return bytes;
}

}  // namespace harness
