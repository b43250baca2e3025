// kernels/stores.h: whether a kernel writes its output through the caches or past them.
#pragma once

#include <cstdint>

#include "kernels/image_view.h"

namespace kernels {

/// `ordinary` stores leave the output in the caches, for whoever reads it next. They also read every line
/// before they write it. `streaming` (non-temporal) stores spare that read and leave the caches alone: worth
/// it where the output would not stay in the caches anyway.
enum class Stores { ordinary, streaming };

/// What a grayscale kernel moves for a pixel: 3 bytes of colour and 1 of gray.
inline constexpr std::int64_t kBytesOfPixel = 3 + 1;

/// `streaming` for an image that, colour and gray together, is larger than `streaming_above_bytes`.
Stores stores_for(const BgrView& source, std::int64_t streaming_above_bytes);

/// The size of the running machine's last-level cache, > 0. It is asked for once and remembered. A machine
/// that does not tell counts as having 32 MiB.
std::int64_t last_level_cache_bytes();

/// What streaming_above_bytes is when nobody sets it: the last-level cache. In a virtual machine that cache
/// is the host's and shared with guests that nobody here knows of, so there it is the largest cache that a
/// core has to itself, times the cores that `threads` >= 1 threads can use; the calling thread's affinity
/// says how many those are.
std::int64_t streaming_threshold_bytes(int threads);

/// Whether it grows with the threads.
bool streaming_threshold_is_per_core();

/// Where it is from, for a report: "the last-level cache".
const char* streaming_threshold_origin();

}  // namespace kernels
