// kernels/grayscale_native.cpp: the plain loop on the calling thread.
//
// It is compiled once for each level of instruction set and the best is chosen when it is called, because
// what it is compared with (OpenCV, Highway) does the same: a loop kept to the oldest CPU's instructions
// would lose for that alone. gcc's target_clones would say it in one line, but clang 14 drops clones and the
// resolver that it makes runs before ThreadSanitizer is up.
#include "kernels/cpu_level.h"
#include "kernels/grayscale.h"
#include "kernels/pixel_range.h"

namespace kernels {
namespace {

[[gnu::always_inline]] inline void convert(const ImagePair& image) {
  // The views are copies, so that no byte written to the gray image can be one of theirs: the compiler would
  // else vectorise nothing.
  const auto [source, gray] = image;
  for (std::int64_t y = 0; y < source.height; ++y) {
    const std::uint8_t* __restrict bgr = source.data + y * source.stride;
    std::uint8_t* __restrict out = gray.data + y * gray.stride;
    for (std::int64_t x = 0; x < source.width; ++x) {
      const auto sum = bgr[3 * x] * 3735U + bgr[3 * x + 1] * 19235U + bgr[3 * x + 2] * 9798U + 16384U;
      out[x] = static_cast<std::uint8_t>(sum >> 15U);
    }
  }
}

#ifdef __x86_64__
[[gnu::target("arch=x86-64-v2")]] void convert_baseline(const ImagePair& image) {
  convert(image);
}
[[gnu::target("arch=x86-64-v3")]] void convert_v3(const ImagePair& image) {
  convert(image);
}
[[gnu::target("arch=x86-64-v4")]] void convert_v4(const ImagePair& image) {
  convert(image);
}
#else
void convert_baseline(const ImagePair& image) {
  convert(image);
}
#endif

}  // namespace

void grayscale_native_at(CpuLevel level, const BgrView& source, const GrayView& gray) {
  const ImagePair image = as_one_row({source, gray});
  switch (level) {
#ifdef __x86_64__
    case CpuLevel::x86_64_v4:
      return convert_v4(image);
    case CpuLevel::x86_64_v3:
      return convert_v3(image);
#endif
    default:
      return convert_baseline(image);
  }
}

void grayscale_native(const BgrView& source, const GrayView& gray, int /*threads*/) {
  grayscale_native_at(cpu_level(), source, gray);
}

}  // namespace kernels
