// kernels/image_view.h: how a kernel sees an image: somebody else's memory, with a shape and a stride.
#pragma once

#include <cstdint>

namespace kernels {

/// 8-bit pixels, 3 bytes each in the order blue, green, red. Does not own `data`.
/// Row y starts at data + y * stride; stride >= 3 * width, in bytes; no alignment is promised.
struct BgrView {
  const std::uint8_t* data;
  std::int64_t width;
  std::int64_t height;
  std::int64_t stride;
};

/// 8-bit gray pixels, 1 byte each. Does not own `data`; stride >= width, in bytes; no alignment is promised.
struct GrayView {
  std::uint8_t* data;
  std::int64_t width;
  std::int64_t height;
  std::int64_t stride;
};

}  // namespace kernels
