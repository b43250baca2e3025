// kernels/cuda_pixels.h: what a thread of the CUDA kernels does.
//
// It stands apart from the kernels themselves, so that a CPU can run it, too, thread by thread.
#pragma once

#include <cstdint>

#ifdef __CUDACC__
#define KERNELS_HOST_DEVICE __host__ __device__
#else
#define KERNELS_HOST_DEVICE
#endif

namespace kernels::cuda {

/// A thread has 16 pixels, because the widest load and store of a GPU's thread moves 16 bytes: it reads three
/// times and writes once. The threads of a warp read what lies side by side, and the first-level cache has
/// what one load of them leaves for the next.
inline constexpr std::int64_t kPixelsOfThread = 16;

/// How many threads an image of `pixels` >= 0 pixels takes.
constexpr std::int64_t threads_for(std::int64_t pixels) {
  return (pixels + kPixelsOfThread - 1) / kPixelsOfThread;
}

/// What a load or a store moves; the first byte is the lowest of the first word.
struct Bytes16 {
  std::uint32_t words[4];
};

/// The bytes of 16 pixels, in the order of the image.
struct Colours16 {
  std::uint32_t words[12];

  KERNELS_HOST_DEVICE constexpr std::uint32_t byte(int number) const {
    return words[number / 4] >> (8 * (number % 4)) & 0xffU;
  }
};

/// The formula of kernels/grayscale.h.
struct Grayscale {
  KERNELS_HOST_DEVICE static constexpr std::uint32_t of_pixel(std::uint32_t blue, std::uint32_t green,
                                                              std::uint32_t red) {
    return (blue * 3735U + green * 19235U + red * 9798U + 16384U) >> 15;
  }

  KERNELS_HOST_DEVICE static constexpr Bytes16 of_pixels(const Colours16& bgr) {
    Bytes16 gray{};
    for (int pixel = 0; pixel < 16; ++pixel) {
      const std::uint32_t level =
          of_pixel(bgr.byte(3 * pixel), bgr.byte(3 * pixel + 1), bgr.byte(3 * pixel + 2));
      gray.words[pixel / 4] |= level << (8 * (pixel % 4));
    }
    return gray;
  }
};

/// The traffic of Grayscale with two XORs for arithmetic: what the device's memory allows.
struct Read3Write1 {
  KERNELS_HOST_DEVICE static constexpr std::uint32_t of_pixel(std::uint32_t blue, std::uint32_t green,
                                                              std::uint32_t red) {
    return blue ^ green ^ red;
  }

  KERNELS_HOST_DEVICE static constexpr Bytes16 of_pixels(const Colours16& bgr) {
    Bytes16 result{};
    for (int word = 0; word < 4; ++word) {
      result.words[word] = bgr.words[word] ^ bgr.words[4 + word] ^ bgr.words[8 + word];
    }
    return result;
  }
};

/// The part of thread number `thread` >= 0 of an image of `pixels` pixels without gaps; none where
/// threads_for() are fewer. `bgr` and `gray` are multiples of 16. Memory::load(const std::uint8_t*) and
/// Memory::store(std::uint8_t*, const Bytes16&) move 16 bytes from and to an address that is one.
template <typename Kernel, typename Memory>
KERNELS_HOST_DEVICE void run_thread(std::int64_t thread, std::int64_t pixels, const std::uint8_t* bgr,
                                    std::uint8_t* gray) {
  const std::int64_t first = thread * kPixelsOfThread;
  if (first + kPixelsOfThread <= pixels) {
    const std::uint8_t* const from = bgr + 3 * first;
    const Bytes16 a = Memory::load(from);
    const Bytes16 b = Memory::load(from + 16);
    const Bytes16 c = Memory::load(from + 32);
    const Colours16 colours{{a.words[0], a.words[1], a.words[2], a.words[3], b.words[0], b.words[1],
                             b.words[2], b.words[3], c.words[0], c.words[1], c.words[2], c.words[3]}};
    Memory::store(gray + first, Kernel::of_pixels(colours));
    return;
  }
  for (std::int64_t pixel = first; pixel < pixels; ++pixel) {
    const std::uint8_t* const of = bgr + 3 * pixel;
    gray[pixel] = static_cast<std::uint8_t>(Kernel::of_pixel(of[0], of[1], of[2]));
  }
}

}  // namespace kernels::cuda
