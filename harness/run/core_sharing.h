// harness/run/core_sharing.h: what a row says of threads that shared a physical core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace harness {

/// The counters, in JSON.
inline constexpr const char* kSharedCoreShare = "shared_core_share";
inline constexpr const char* kSharedCoreLooks = "shared_core_looks";

/// How a row ran that had `threads` threads and might use `cores` physical cores.
struct Watched {
  int threads;
  std::size_t cores;
  std::int64_t time_ns;
};

/// The remark of a row whose threads shared a core for that part of the time, `of` being what it is a part
/// of;
/// "" where that is little, where there are more threads than cores, or where the time was too short for
/// Linux to part them.
std::string shared_core_remark(const Watched& watched, double share, const std::string& of);

}  // namespace harness
