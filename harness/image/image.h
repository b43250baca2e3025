// harness/image/image.h: the picture that grayscale converts, and where it came from.
#pragma once

#include <cstdint>
#include <string>

#include "harness/image/pixel_memory.h"
#include "kernels/image_view.h"

namespace harness {

struct ImageSize {
  std::int64_t width;
  std::int64_t height;

  std::int64_t pixels() const { return width * height; }
  bool operator==(const ImageSize&) const = default;
};

/// "1280x720"
inline std::string to_string(ImageSize size) {
  return std::to_string(size.width) + "x" + std::to_string(size.height);
}

/// An 8-bit BGR image, rows without padding: 3 * width * height bytes.
struct Image {
  ImageSize size;
  PixelBytes bgr;
  std::string name;        ///< the file's path, or the name of the synthetic pattern
  std::string sha256;      ///< of the file's bytes; empty for a synthetic image
  std::string conversion;  ///< how the file's pixels were made 8-bit BGR; empty where they were that already

  kernels::BgrView view() const { return {bgr.data(), size.width, size.height, 3 * size.width}; }
};

/// The default picture, the same on every machine: colour gradients along both axes, from which a fixed
/// pseudo-random sequence (splitmix64, seed 0) takes up to 63 levels a byte, so that neighbouring pixels
/// differ as a photograph's do. At 1280x720 every level of every channel occurs but the reddest.
Image synthetic_image(ImageSize size);

}  // namespace harness
