// kernels/memory_test.cpp: a ceiling that moved fewer bytes than it claims would make every kernel look
// worse.
#include "kernels/memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "kernels/test_image.h"

namespace kernels {
namespace {

constexpr std::array kBothStores{Stores::ordinary, Stores::streaming};

/// Whether any pixel of the gray image differs after `byte` of the source did.
bool depends_on(TestImage& image, std::uint8_t& byte, Stores stores) {
  const auto written = [&image, stores] {
    memory_read3_write1(image.source(), image.gray(), 1, stores);
    const GrayView gray = image.gray();
    return std::vector<std::uint8_t>(gray.data, gray.data + gray.width);
  };
  const auto before = written();
  byte ^= 0xFF;
  return written() != before;
}

TEST(MemoryRead3Write1, ReadsEveryByteOfTheSource) {
  for (const Stores stores : kBothStores) {
    // Whole chunks: what is read of a last one that is not whole depends on no single byte of it.
    TestImage image(512, 1, {}, Guard::after);
    auto* source = const_cast<std::uint8_t*>(image.source().data);
    for (std::int64_t byte = 0; byte < std::int64_t{3} * 512; ++byte) {
      ASSERT_TRUE(depends_on(image, source[byte], stores)) << "byte " << byte;
    }
  }
}

TEST(MemoryRead3Write1, WritesEveryPixelAndNothingElse) {
  for (const Stores stores : kBothStores) {
    for (const std::int64_t width : {1, 64, 127, 1000}) {
      for (int threads = 1; threads <= 8; ++threads) {
        TestImage image(width, 5, {.offset = 3, .gap = 7}, Guard::after);
        // The XOR of three zeros is no canary.
        auto* source = const_cast<std::uint8_t*>(image.source().data);
        std::fill_n(source, 4 * image.source().stride + 3 * width, std::uint8_t{0});
        memory_read3_write1(image.source(), image.gray(), threads, stores);
        ASSERT_TRUE(image.gaps_are_untouched()) << width << " on " << threads << " threads";
        const GrayView gray = image.gray();
        for (std::int64_t y = 0; y < 5; ++y) {
          ASSERT_EQ(std::count(gray.data + y * gray.stride, gray.data + y * gray.stride + width, 0), width)
              << "row " << y << " on " << threads << " threads";
        }
      }
    }
  }
}

TEST(MemoryCopy, CopiesEveryByteAndNothingElse) {
  for (const int bytes : {0, 1, 100, 4097}) {
    for (int threads = 1; threads <= 8; ++threads) {
      GuardedBuffer source(bytes, Guard::after);
      GuardedBuffer destination(bytes, Guard::after);
      for (int byte = 0; byte < bytes; ++byte) source.data()[byte] = static_cast<std::uint8_t>(byte * 7);
      memory_copy(source.data(), destination.data(), bytes, threads);
      EXPECT_TRUE(std::ranges::equal(source.bytes(), destination.bytes())) << bytes << " on " << threads;
    }
  }
}

}  // namespace
}  // namespace kernels
