// kernels/cache_flush.h: takes memory out of the caches, so that what ran before does not decide a timing.
#pragma once

#include <cstdint>
#include <span>

namespace kernels {

/// Takes the cache lines that `bytes` lie in out of the caches of all cores; what was written reaches memory
/// first. It uses CLFLUSHOPT or CLFLUSH on x86 (Intel SDM, volume 2) and DC CIVAC on arm64 (Arm ARM, C5.3),
/// which Linux lets any process run. Elsewhere it does nothing. No other thread may use the bytes meanwhile,
/// or they come back.
void flush_from_caches(std::span<const std::uint8_t> bytes);

}  // namespace kernels
