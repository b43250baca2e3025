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

/// The size of the running machine's last-level cache: what streaming_above_bytes is when nobody sets it.
/// Asked for once and remembered. 0 < it: a machine that does not tell counts as having 32 MiB.
std::int64_t last_level_cache_bytes();

}  // namespace kernels
