// harness/system/private_memory.cpp: how much memory a process has to itself.
#include "harness/system/private_memory.h"

#include <fstream>
#include <string>

namespace harness {

std::optional<std::int64_t> private_bytes(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/smaps_rollup");
  std::optional<std::int64_t> bytes;
  std::string key;
  std::getline(file, key);  // the range of addresses
  for (std::int64_t kib = 0; file >> key >> kib; std::getline(file, key)) {
    if (key.starts_with("Private_")) bytes = bytes.value_or(0) + kib * 1024;
  }
  return bytes;
}

}  // namespace harness
