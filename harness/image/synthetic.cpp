// harness/image/synthetic.cpp: a picture that needs no file.
#include <algorithm>

#include "harness/image/image.h"

namespace harness {
namespace {

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
class SplitMix64 {
 public:
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_ = 0;
};

std::int64_t gradient(std::int64_t at, std::int64_t length) {
  return 255 * at / std::max<std::int64_t>(length - 1, 1);
}

}  // namespace

Image synthetic_image(ImageSize size) {
  Image image{.size = size,
              .bgr = PixelBytes(static_cast<std::size_t>(3 * size.pixels())),
              .name = "synthetic gradients with noise",
              .sha256 = {},
              .conversion = {}};
  SplitMix64 random;
  auto byte = image.bgr.begin();
  for (std::int64_t y = 0; y < size.height; ++y) {
    for (std::int64_t x = 0; x < size.width; ++x) {
      const std::int64_t right = gradient(x, size.width);
      const std::int64_t down = gradient(y, size.height);
      const std::uint64_t noise = random.next();
      const auto put = [&](std::int64_t level, int shift) {
        const auto less = static_cast<std::int64_t>(noise >> shift & 63);
        *byte++ = static_cast<std::uint8_t>(std::max<std::int64_t>(level - less, 0));
      };
      put(right, 0);
      put(down, 6);
      put(255 - (right + down) / 2, 12);
    }
  }
  return image;
}

}  // namespace harness
