// kernels/cuda_pixels_test.cpp: what the CUDA kernels' threads do, on the CPU: a wrong byte, a tail that is
// lost, a load that is not aligned, a stray write.
#include "kernels/cuda_pixels.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <vector>

namespace kernels::cuda {
namespace {

bool is_aligned(const std::uint8_t* address) {
  return reinterpret_cast<std::uintptr_t>(address) % sizeof(Bytes16) == 0;
}

/// The host's memory, as strict as a GPU's is.
struct HostMemory {
  static Bytes16 load(const std::uint8_t* from) {
    EXPECT_TRUE(is_aligned(from));
    Bytes16 bytes;
    std::memcpy(&bytes, from, sizeof bytes);
    return bytes;
  }
  static void store(std::uint8_t* to, const Bytes16& bytes) {
    EXPECT_TRUE(is_aligned(to));
    std::memcpy(to, &bytes, sizeof bytes);
  }
};

constexpr std::uint8_t kCanary = 0xA5;
constexpr std::size_t kBehind = 64;

using Bytes = std::vector<std::uint8_t>;  // whose memory is aligned to 16

Bytes random_bytes(std::size_t count) {
  std::mt19937 random(static_cast<unsigned>(count));
  Bytes bytes(count);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

/// What the threads of whole blocks write, which are more than the image needs: the pixels, and kBehind
/// bytes.
template <typename Kernel>
Bytes run(const Bytes& bgr) {
  const auto pixels = static_cast<std::int64_t>(bgr.size() / 3);
  Bytes gray(static_cast<std::size_t>(pixels) + kBehind, kCanary);
  for (std::int64_t thread = 0; thread < threads_for(pixels) + 3; ++thread) {
    run_thread<Kernel, HostMemory>(thread, pixels, bgr.data(), gray.data());
  }
  return gray;
}

Bytes expected(const Bytes& pixels) {
  Bytes bytes = pixels;
  bytes.resize(pixels.size() + kBehind, kCanary);
  return bytes;
}

/// The formula of grayscale.h once more.
std::uint8_t gray_of(const std::uint8_t* bgr) {
  return static_cast<std::uint8_t>((bgr[0] * 3735 + bgr[1] * 19235 + bgr[2] * 9798 + 16384) >> 15);
}

Bytes gray_of(const Bytes& bgr) {
  Bytes gray;
  for (std::size_t pixel = 0; pixel < bgr.size() / 3; ++pixel) gray.push_back(gray_of(&bgr[3 * pixel]));
  return gray;
}

TEST(CudaPixels, AreGrayForEverySizeAndNothingBehindThemIsWritten) {
  for (std::size_t pixels = 0; pixels <= 200; ++pixels) {
    const Bytes bgr = random_bytes(3 * pixels);
    ASSERT_EQ(run<Grayscale>(bgr), expected(gray_of(bgr))) << pixels << " pixels";
  }
}

TEST(CudaPixels, AreGrayForEveryColour) {
  Bytes bgr;
  for (int blue = 0; blue < 256; blue += 5) {
    for (int green = 0; green < 256; green += 3) {
      for (int red = 0; red < 256; red += 17) {
        for (const int level : {blue, green, red}) bgr.push_back(static_cast<std::uint8_t>(level));
      }
    }
  }
  EXPECT_EQ(run<Grayscale>(bgr), expected(gray_of(bgr)));
}

TEST(CudaPixels, AreConvertedByOneThreadEach) {
  EXPECT_EQ(threads_for(0), 0);
  EXPECT_EQ(threads_for(1), 1);
  EXPECT_EQ(threads_for(16), 1);
  EXPECT_EQ(threads_for(17), 2);
  const Bytes bgr = random_bytes(3 * 40);
  Bytes gray(40 + kBehind, kCanary);
  run_thread<Grayscale, HostMemory>(1, 40, bgr.data(), gray.data());
  Bytes only_its_own(40, kCanary);
  for (std::size_t pixel = 16; pixel < 32; ++pixel) only_its_own[pixel] = gray_of(&bgr[3 * pixel]);
  EXPECT_EQ(gray, expected(only_its_own));
}

// As harness_cuda.h has it, and as the workload `memory` verifies it.
TEST(CudaPixels, OfTheCeilingDependOnEveryByteThatIsRead) {
  for (const std::size_t pixels : {1U, 15U, 16U, 33U}) {
    const Bytes bgr = random_bytes(3 * pixels);
    const Bytes before = run<Read3Write1>(bgr);
    for (std::size_t byte = 0; byte < bgr.size(); ++byte) {
      Bytes changed = bgr;
      changed[byte] ^= 1;
      const Bytes after = run<Read3Write1>(changed);
      const std::size_t begin = byte / 48 * 48;
      const bool together = begin + 48 <= bgr.size();
      const std::size_t written = together ? begin / 3 + (byte - begin) % 16 : byte / 3;
      Bytes only = before;
      only[written] ^= 1;
      ASSERT_EQ(after, only) << "byte " << byte << " of " << pixels << " pixels";
    }
  }
}

}  // namespace
}  // namespace kernels::cuda
