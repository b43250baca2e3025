// kernels/simd_rows-inl.h: walks the rows of an image by whole vectors, for each of Highway's targets.
//
// Included once for each target by the sources that name themselves as HWY_TARGET_INCLUDE; see Highway's
// quick_reference.md, "Dynamic dispatch".

// The include guard of such a header lets it in once for each target, not once for all.
#if defined(KERNELS_SIMD_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef KERNELS_SIMD_ROWS_INL_H_
#undef KERNELS_SIMD_ROWS_INL_H_
#else
#define KERNELS_SIMD_ROWS_INL_H_
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <cstdint>
#include <cstring>

#include "kernels/pixel_range.h"
#include "kernels/stores.h"

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {  // NOLINT(modernize-concat-nested-namespaces): the macro's name changes
namespace hn = hwy::HWY_NAMESPACE;

/// As many bytes as the target's vectors hold. A chunk is as many pixels.
using Bytes = hn::ScalableTag<std::uint8_t>;

/// How far ahead of the chunk the source is fetched: into the second level early enough for memory, and from
/// there into the first, past the next page, which the hardware does not fetch ahead into. Fetching past the
/// end of the image is harmless. Measured on one core of a Granite Rapids at 8192x8192, million pixels a
/// second, for one fetch 6 KiB ahead, one 24 KiB ahead into the second level, both 48 and 4 KiB ahead: 4500,
/// 5290, 6120.
inline constexpr std::int64_t kFarAheadBytes = 48 << 10;
inline constexpr std::int64_t kNearAheadBytes = 4 << 10;

HWY_INLINE void fetch_ahead(const std::uint8_t* bgr) {
  constexpr std::int64_t kLine = 64;
  constexpr int kRead = 0;
  constexpr int kSecondLevel = 2;
  for (std::int64_t line = 0; line < 3 * static_cast<std::int64_t>(hn::Lanes(Bytes())); line += kLine) {
    __builtin_prefetch(bgr + kFarAheadBytes + line, kRead, kSecondLevel);
    hwy::Prefetch(bgr + kNearAheadBytes + line);
  }
}

/// Converts one row; Chunk::gray(bgr) makes a chunk's gray bytes. No byte outside the row is read or written.
template <class Chunk>
HWY_INLINE void convert_row(const std::uint8_t* HWY_RESTRICT bgr, std::uint8_t* HWY_RESTRICT gray,
                            std::int64_t width, Stores stores) {
  constexpr Bytes bytes;
  const auto chunk = static_cast<std::int64_t>(hn::Lanes(bytes));
  const std::int64_t last = width - chunk;  // where the last whole chunk may begin

  std::int64_t x = 0;
  if (last >= 0) {
    // One chunk stored where the row begins, then those from the next aligned address on; they may overlap.
    hn::StoreU(Chunk::gray(bgr), bytes, gray);
    x = chunk - static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(gray) %
                                          static_cast<std::uintptr_t>(chunk));
  }
  if (stores == Stores::streaming) {
    for (; x <= last; x += chunk) {
      fetch_ahead(bgr + 3 * x);
      hn::Stream(Chunk::gray(bgr + 3 * x), bytes, gray + x);
    }
  } else {
    for (; x <= last; x += chunk) {
      fetch_ahead(bgr + 3 * x);
      hn::Store(Chunk::gray(bgr + 3 * x), bytes, gray + x);
    }
  }

  // What is left is less than a chunk: converted where there is room for a whole one.
  if (x >= width) return;
  HWY_ALIGN std::uint8_t room_bgr[3 * HWY_MAX_BYTES] = {};
  HWY_ALIGN std::uint8_t room_gray[HWY_MAX_BYTES];
  const auto left = static_cast<std::size_t>(width - x);
  std::memcpy(room_bgr, bgr + 3 * x, 3 * left);
  hn::Store(Chunk::gray(room_bgr), bytes, room_gray);
  std::memcpy(gray + x, room_gray, left);
}

/// Converts every row. When it returns, streamed stores have been made visible like any others.
template <class Chunk>
void convert_rows(const ImagePair& image, Stores stores) {
  const auto& [source, gray] = as_one_row(image);
  for (std::int64_t y = 0; y < source.height; ++y) {
    convert_row<Chunk>(source.data + y * source.stride, gray.data + y * gray.stride, source.width, stores);
  }
  if (stores == Stores::streaming) hwy::FlushStream();
}

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#endif
