// harness/workloads/workload.cpp: the table of workloads.
#include "harness/workloads/workload.h"

#include <algorithm>
#include <array>

namespace harness {

std::span<const Workload> all_workloads() {
  static const std::array table{countdown(), sum_of_squares(), memory(), grayscale()};
  return table;
}

std::vector<Parameter> parameters_of(std::span<const Workload> workloads) {
  std::vector<Parameter> parameters;
  for (const Workload& workload : workloads) {
    for (const Parameter& parameter : workload.parameters) {
      if (std::ranges::find(parameters, parameter.flag, &Parameter::flag) == parameters.end()) {
        parameters.push_back(parameter);
      }
    }
  }
  return parameters;
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
