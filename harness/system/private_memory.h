// harness/system/private_memory.h: how much memory a process has to itself.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace harness {

/// Bytes of pages that no other process has mapped (Private_* of /proc/PID/smaps_rollup, proc(5)). Nothing
/// where Linux does not say.
std::optional<std::int64_t> private_bytes(pid_t process);

}  // namespace harness
