// kernels/cache_flush.h: takes memory out of the caches, so that what ran before does not decide a timing.
#pragma once

#include <cstdint>
#include <span>

namespace kernels {

/// Takes the cache lines that `bytes` lie in out of the caches of all cores; what was written reaches memory
/// first. On x86 by CLFLUSHOPT or CLFLUSH (Intel SDM, volume 2), on arm64 by DC CIVAC (Arm ARM, C5.3), which
/// Linux lets any process run. Elsewhere nothing happens. No other thread may need the bytes meanwhile, or
/// they come back.
void flush_from_caches(std::span<const std::uint8_t> bytes);

}  // namespace kernels
