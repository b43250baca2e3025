// harness/team/run_delay.h: how long a thread could run and had no core.
#pragma once

#include <cstdint>
#include <optional>

namespace harness {

/// Of the calling thread, since it began: the second number of its schedstat (Documentation/scheduler/
/// sched-stats.rst of Linux). Absent where the kernel has no such file, or no descriptor is left. Takes some
/// microseconds.
std::optional<std::int64_t> run_delay_of_this_thread_ns();

}  // namespace harness
