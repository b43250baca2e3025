// harness/run/stops.h: whether the process, or the machine, stood still.
#pragma once

#include <cstdint>
#include <string>

namespace harness {

/// How often and how long until now.
struct Stops {
  int continued = 0;              ///< SIGCONT, since somebody counts them
  std::int64_t suspended_ns = 0;  ///< the machine, since it was started: CLOCK_BOOTTIME less CLOCK_MONOTONIC
};

/// The remark of a row between whose ends that changed; "" where it did not.
std::string remark_of(const Stops& before, const Stops& after);

}  // namespace harness
