// kernels/grayscale_fuzz.cpp: libFuzzer target: any size, stride, alignment, threads, stores and SIMD target.
//
// Built by the preset asan-ubsan, with clang; .ci/run runs it bounded: grayscale_fuzz -max_total_time=30
// -max_len=64
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "kernels/grayscale.h"
#include "kernels/simd_target.h"
#include "kernels/test_image.h"

namespace {

using namespace kernels;

/// Numbers out of the fuzzer's bytes; 0 once they are used up.
class Numbers {
 public:
  Numbers(const std::uint8_t* data, std::size_t size) : left_(data, size) {}

  /// 0 <= number < `bound` <= 2^16.
  int below(int bound) { return (byte() << 8 | byte()) % bound; }

 private:
  int byte() {
    if (left_.empty()) return 0;
    const int value = left_.front();
    left_ = left_.subspan(1);
    return value;
  }

  std::span<const std::uint8_t> left_;
};

/// The formula of kernels/grayscale.h, pixel by pixel.
bool is_gray_of(const BgrView& source, const GrayView& gray) {
  for (std::int64_t y = 0; y < source.height; ++y) {
    for (std::int64_t x = 0; x < source.width; ++x) {
      const std::uint8_t* bgr = source.data + y * source.stride + 3 * x;
      const int value = (bgr[0] * 3735 + bgr[1] * 19235 + bgr[2] * 9798 + 16384) >> 15;
      if (gray.data[y * gray.stride + x] != value) return false;
    }
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Numbers numbers(data, size);
  const int width = 1 + numbers.below(600);
  const int height = 1 + numbers.below(20);
  const Layout layout{.offset = numbers.below(130), .gap = numbers.below(130)};
  const Guard guard = numbers.below(2) == 0 ? Guard::before : Guard::after;
  const int threads = 1 + numbers.below(4);
  const Stores stores = numbers.below(2) == 0 ? Stores::ordinary : Stores::streaming;
  static const std::vector<std::string> targets = simd_targets();
  force_simd_target(targets[static_cast<std::size_t>(numbers.below(static_cast<int>(targets.size())))]);

  TestImage image(width, height, layout, guard);

  grayscale_openmp_simd_with(image.source(), image.gray(), threads, stores);
  if (!is_gray_of(image.source(), image.gray()) || !image.gaps_are_untouched()) std::abort();
  force_simd_target("");
  return 0;
}
