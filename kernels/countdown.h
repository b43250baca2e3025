// kernels/countdown.h: the native twins of scripts/countdown.py.
#pragma once

#include <cstdint>

namespace kernels {

/// Counts down from `end` to `begin`, one step at a time, and returns the number of steps taken.
/// 0 <= begin <= end. `threads` >= 1 is how many threads the kernel may use; a serial one ignores it.
using CountdownKernel = std::uint64_t (*)(std::int64_t begin, std::int64_t end, int threads);

std::uint64_t countdown_native(std::int64_t begin, std::int64_t end, int threads);
std::uint64_t countdown_openmp(std::int64_t begin, std::int64_t end, int threads);

}  // namespace kernels
