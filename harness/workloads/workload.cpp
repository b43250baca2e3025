// harness/workloads/workload.cpp: the table of workloads.
#include "harness/workloads/workload.h"

#include <algorithm>
#include <array>

namespace harness {

std::span<const Workload> all_workloads() {
  static const std::array table{kCountdown, kSumOfSquares, kMemory, kGrayscale};
  return table;
}

std::string to_string(embed::Integer value) {
  std::string digits;
  do {
    digits += static_cast<char>('0' + static_cast<int>(value % 10));
    value /= 10;
  } while (value != 0);
  std::ranges::reverse(digits);
  return digits;
}

}  // namespace harness
