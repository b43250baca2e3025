// kernels/memory.h: the ceilings: what the machine's memory allows to kernels that hardly compute.
#pragma once

#include <cstdint>

#include "kernels/image_view.h"
#include "kernels/stores.h"

namespace kernels {

/// Reads every byte of `source` and writes every byte of `gray`, as a grayscale kernel must, with next to no
/// arithmetic in between: what it writes is no image. 4 bytes a pixel are moved. `source` and `gray` have the
/// same width and height and do not overlap. `threads` >= 1 OpenMP threads, split as grayscale_openmp_simd's.
void memory_read3_write1(const BgrView& source, const GrayView& gray, int threads, Stores stores);

/// Copies `bytes` bytes from `source` to `destination`, which do not overlap, with the C library's memcpy on
/// `threads` >= 1 OpenMP threads. 2 * `bytes` bytes are moved.
void memory_copy(const std::uint8_t* source, std::uint8_t* destination, std::int64_t bytes, int threads);

}  // namespace kernels
