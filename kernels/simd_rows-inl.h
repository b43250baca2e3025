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

// From Ice Lake and Zen 4 on (AVX3_DL) Highway asks the CPU for VNNI before it takes the target, but its
// version 1.0 does not ask the compiler for it.
#undef KERNELS_BEFORE_NAMESPACE
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3_DL && defined(HWY_TARGET_STR)
#define KERNELS_BEFORE_NAMESPACE()                  \
  HWY_PUSH_ATTRIBUTES(HWY_TARGET_STR ",avx512vnni") \
  static_assert(true, "For requiring trailing semicolon")
#else
#define KERNELS_BEFORE_NAMESPACE() HWY_BEFORE_NAMESPACE()
#endif

KERNELS_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {  // NOLINT(modernize-concat-nested-namespaces): the macro's name changes
namespace hn = hwy::HWY_NAMESPACE;

/// As many bytes as the target's vectors hold. A chunk is as many pixels.
using Bytes = hn::ScalableTag<std::uint8_t>;

/// In how many places of a row the work goes on in turn. The hardware fetches ahead for each of them, but not
/// into the next page: with four places, three go on while one waits for its page.
inline constexpr std::int64_t kPlaces = 4;

/// How far ahead of the chunk the source is fetched into the first level, and what of the next page is
/// fetched into the second where a page begins. Fetching past the end of the image is harmless.
inline constexpr std::int64_t kAheadBytes = 2 << 10;
inline constexpr std::int64_t kPageBytes = 4 << 10;
inline constexpr std::int64_t kPageStartBytes = 512;

HWY_INLINE void fetch_ahead(const std::uint8_t* bgr) {
  constexpr std::int64_t kLine = 64;
  const std::int64_t bytes = 3 * static_cast<std::int64_t>(hn::Lanes(Bytes()));
  constexpr int kRead = 0;
  constexpr int kSecondLevel = 2;
  if (static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(bgr) % kPageBytes) < bytes) {
    for (std::int64_t line = 0; line < kPageStartBytes; line += kLine) {
      __builtin_prefetch(bgr + kPageBytes + line, kRead, kSecondLevel);
    }
  }
  for (std::int64_t line = 0; line < bytes; line += kLine) hwy::Prefetch(bgr + kAheadBytes + line);
}

/// Converts the chunk at `bgr` to the one at `gray`, which is aligned; Chunk::gray(bgr) makes its gray bytes.
template <class Chunk, Stores kStores>
HWY_INLINE void convert_chunk(const std::uint8_t* HWY_RESTRICT bgr, std::uint8_t* HWY_RESTRICT gray) {
  fetch_ahead(bgr);
  if constexpr (kStores == Stores::streaming) {
    hn::Stream(Chunk::gray(bgr), Bytes(), gray);
  } else {
    hn::Store(Chunk::gray(bgr), Bytes(), gray);
  }
}

/// Converts as many whole chunks as `width` has room for, `gray` being aligned. Returns their pixels.
template <class Chunk, Stores kStores>
HWY_INLINE std::int64_t convert_chunks(const std::uint8_t* HWY_RESTRICT bgr, std::uint8_t* HWY_RESTRICT gray,
                                       std::int64_t width) {
  const auto chunk = static_cast<std::int64_t>(hn::Lanes(Bytes()));
  const std::int64_t whole = width / chunk * chunk;
  const std::int64_t of_place = width / chunk / kPlaces * chunk;
  for (std::int64_t x = 0; x < of_place; x += chunk) {
    // Each place gets one chunk in turn, though with short vectors that is only a part of a cache line: a
    // whole line each is slower.
    for (std::int64_t place = 0; place < kPlaces; ++place) {
      const std::int64_t at = place * of_place + x;
      convert_chunk<Chunk, kStores>(bgr + 3 * at, gray + at);
    }
  }
  for (std::int64_t x = kPlaces * of_place; x < whole; x += chunk) {
    convert_chunk<Chunk, kStores>(bgr + 3 * x, gray + x);
  }
  return whole;
}

/// Converts one row. No byte outside the row is read or written.
template <class Chunk, Stores kStores>
HWY_INLINE void convert_row(const std::uint8_t* HWY_RESTRICT bgr, std::uint8_t* HWY_RESTRICT gray,
                            std::int64_t width) {
  constexpr Bytes bytes;
  const auto chunk = static_cast<std::int64_t>(hn::Lanes(bytes));

  std::int64_t x = 0;
  if (width >= chunk) {
    // One chunk stored where the row begins, then those from the next aligned address on; they may overlap.
    hn::StoreU(Chunk::gray(bgr), bytes, gray);
    x = chunk - static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(gray) %
                                          static_cast<std::uintptr_t>(chunk));
    x += convert_chunks<Chunk, kStores>(bgr + 3 * x, gray + x, width - x);
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

template <class Chunk, Stores kStores>
void convert_rows_with(const ImagePair& image) {
  const auto& [source, gray] = as_one_row(image);
  for (std::int64_t y = 0; y < source.height; ++y) {
    convert_row<Chunk, kStores>(source.data + y * source.stride, gray.data + y * gray.stride, source.width);
  }
}

/// Converts every row. When it returns, streamed stores have been made visible like any others.
template <class Chunk>
void convert_rows(const ImagePair& image, Stores stores) {
  if (stores == Stores::ordinary) return convert_rows_with<Chunk, Stores::ordinary>(image);
  convert_rows_with<Chunk, Stores::streaming>(image);
  hwy::FlushStream();
}

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#endif
