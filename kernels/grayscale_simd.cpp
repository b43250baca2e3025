// kernels/grayscale_simd.cpp: the conversion by whole vectors, one source for every target of Highway.
//
// The order of the bytes costs a plain loop most, not the arithmetic: there are three to a pixel on the way
// in, one on the way out. So on x86 the channels are never separated. Each 32-bit lane gets one pixel, and a
// multiply-add within the lane makes its weighted sum: of its bytes where the CPU can (AVX3_DL), else of the
// 16-bit pairs (B,G) and (R,0). Four such vectors hold the four bytes of each lane of the result; shifts move
// each to its place. Elsewhere (NEON, SVE) a load that separates the channels is one instruction, and 16-bit
// arithmetic is enough.
#include "kernels/grayscale.h"

#include <array>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/grayscale_simd.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file again for each target.
#include <hwy/highway.h>

#include "kernels/simd_rows-inl.h"

KERNELS_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

constexpr Bytes kBytes;

#if HWY_TARGET == HWY_SCALAR  // vectors of one byte: a chunk is one pixel

struct GrayscaleChunk {
  static hn::Vec<Bytes> gray(const std::uint8_t* bgr) {
    const auto sum = bgr[0] * 3735U + bgr[1] * 19235U + bgr[2] * 9798U + 16384U;
    return hn::Set(kBytes, static_cast<std::uint8_t>(sum >> 15U));
  }
};

#elif HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3_DL

// A byte can go anywhere in a vector (VBMI), and four unsigned bytes times four signed ones are summed to a
// 32-bit lane (VNNI). Highway 1.0 has names for neither.

/// A weight of the formula as 256 * high + low, both signed bytes.
struct SplitWeight {
  int high, low;
};

constexpr SplitWeight split(int weight) {
  const int high = (weight + 128) / 256;
  return {high, weight - 256 * high};
}

constexpr SplitWeight kBlue = split(3735);
constexpr SplitWeight kGreen = split(19235);
constexpr SplitWeight kRed = split(9798);

/// Blue, green and red weights for each lane's bytes; the fourth byte of a lane counts nothing.
HWY_INLINE __m512i weights(int blue, int green, int red) {
  return _mm512_set1_epi32((blue & 0xff) | (green & 0xff) << 8 | (red & 0xff) << 16);
}

using ByteTable = std::array<std::uint8_t, 64>;  // where each byte of a vector comes from

/// The pixel that begins at byte `first`, then those that follow it, one to each 32-bit lane.
constexpr ByteTable pixels_from(std::size_t first) {
  ByteTable table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    table[byte] = static_cast<std::uint8_t>(first + byte / 4 * 3 + byte % 4 % 3);
  }
  return table;
}

/// Gray values of 16 pixels, in bits 7..14 of each lane. With H and L the sums of the high and the low parts,
/// L with the formula's 16384, the formula is (256 H + L) >> 15, and that is (H + (L >> 8)) >> 7.
HWY_INLINE __m512i gray_lanes(__m512i bgr, const ByteTable& table) {
  const __m512i pixels = _mm512_permutexvar_epi8(_mm512_load_si512(table.data()), bgr);
  const __m512i low =
      _mm512_dpbusd_epi32(_mm512_set1_epi32(16384), pixels, weights(kBlue.low, kGreen.low, kRed.low));
  return _mm512_dpbusd_epi32(_mm512_srai_epi32(low, 8), pixels, weights(kBlue.high, kGreen.high, kRed.high));
}

/// Byte k of 8 is bits 7..14 of the first lane of a pair for an even k, of the second for an odd one.
constexpr ByteTable gray_bits_of_lanes() {
  ByteTable table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    table[byte] = static_cast<std::uint8_t>(7 + byte % 2 * 32);
  }
  return table;
}

/// Bytes 2q and 2q + 1 of each 8, for q = 0..3, are two neighbours of the q-th quarter of the chunk.
constexpr ByteTable order_of_quarters() {
  ByteTable table{};
  for (std::size_t pixel = 0; pixel < table.size(); ++pixel) {
    table[pixel] = static_cast<std::uint8_t>(pixel % 16 / 2 * 8 + pixel / 16 * 2 + pixel % 2);
  }
  return table;
}

struct GrayscaleChunk {
  static HWY_INLINE hn::Vec<Bytes> gray(const std::uint8_t* bgr) {
    HWY_ALIGN static constexpr ByteTable kFromFirst = pixels_from(0);
    HWY_ALIGN static constexpr ByteTable kFromQuarter = pixels_from(16);
    HWY_ALIGN static constexpr ByteTable kGrayBits = gray_bits_of_lanes();
    HWY_ALIGN static constexpr ByteTable kOrder = order_of_quarters();
    // No load crosses a cache line where the image is aligned, which would cost speed from memory: there are
    // three, and what lies across them is put together.
    const __m512i first = _mm512_loadu_si512(bgr);
    const __m512i second = _mm512_loadu_si512(bgr + 64);
    const __m512i third = _mm512_loadu_si512(bgr + 128);
    const __m512i quarter0 = gray_lanes(first, kFromFirst);
    const __m512i quarter1 = gray_lanes(_mm512_alignr_epi32(second, first, 12), kFromFirst);
    const __m512i quarter2 = gray_lanes(_mm512_alignr_epi32(third, second, 8), kFromFirst);
    const __m512i quarter3 = gray_lanes(third, kFromQuarter);

    const __m512i bits = _mm512_load_si512(kGrayBits.data());
    __m512i gray = _mm512_multishift_epi64_epi8(bits, quarter0);
    gray = _mm512_mask_multishift_epi64_epi8(gray, 0x0c0c'0c0c'0c0c'0c0c, bits, quarter1);
    gray = _mm512_mask_multishift_epi64_epi8(gray, 0x3030'3030'3030'3030, bits, quarter2);
    gray = _mm512_mask_multishift_epi64_epi8(gray, 0xc0c0'c0c0'c0c0'c0c0, bits, quarter3);
    return hn::Vec<Bytes>{_mm512_permutexvar_epi8(_mm512_load_si512(kOrder.data()), gray)};
  }
};

#elif HWY_ARCH_X86 && HWY_TARGET != HWY_EMU128

constexpr hn::ScalableTag<std::uint16_t> kWords;
constexpr hn::ScalableTag<std::int16_t> kSignedWords;
constexpr hn::ScalableTag<std::uint32_t> kLanes;
constexpr hn::ScalableTag<std::int32_t> kSignedLanes;
using ByteVector = hn::Vec<hn::ScalableTag<std::uint8_t> >;
using LaneVector = hn::Vec<hn::ScalableTag<std::uint32_t> >;

constexpr std::size_t kVectorBytes = HWY_MAX_BYTES;
constexpr std::size_t kVectorLanes = kVectorBytes / 4;
using ByteTable = std::array<std::uint8_t, kVectorBytes>;   // where each byte of a vector comes from
using LaneTable = std::array<std::uint32_t, kVectorLanes>;  // where each 32-bit lane of a vector comes from

/// One pixel in each 32-bit lane.
struct Pixels {
  ByteVector blue_green;  // 16-bit B, 16-bit G
  ByteVector red;         // 16-bit R, 16-bit 0
};

constexpr std::uint8_t kZero = 0x80;  // no byte but 0, for TableLookupBytesOr0

/// `table[i]` for the i-th byte of each lane whose pixel, in turn, begins at byte `first`, first + 3, first +
/// 6 ...
constexpr ByteTable of_each_pixel(std::size_t first, const std::array<std::uint8_t, 4>& of_lane) {
  ByteTable table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    const std::uint8_t channel = of_lane[byte % 4];
    table[byte] = channel == kZero ? kZero : static_cast<std::uint8_t>(first + byte / 4 * 3 + channel);
  }
  return table;
}

/// The first bytes of each of `lanes` lanes, then their second ones, and so on.
constexpr ByteTable bytes_of_lanes(std::size_t lanes) {
  ByteTable table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    table[byte] = static_cast<std::uint8_t>(byte % lanes * 4 + byte / lanes % 4);
  }
  return table;
}

// A byte can go anywhere in its 16-byte block, a lane anywhere in the vector.

constexpr std::size_t kBlocks = kVectorBytes / 16;

/// Lanes for four pixels, which are 12 bytes, in each block; what its fourth lane holds does not matter.
constexpr LaneTable four_to_each_block(std::size_t first) {
  LaneTable table{};
  for (std::size_t lane = 0; lane < table.size(); ++lane) {
    table[lane] = static_cast<std::uint32_t>(first / 4 + lane / 4 * 3 + lane % 4 % 3);
  }
  return table;
}

/// The first lanes of each block, then their second ones, and so on.
constexpr LaneTable lanes_of_blocks() {
  LaneTable table{};
  for (std::size_t lane = 0; lane < table.size(); ++lane) {
    table[lane] = static_cast<std::uint32_t>(lane % kBlocks * 4 + lane / kBlocks);
  }
  return table;
}

HWY_INLINE ByteVector permute_lanes(ByteVector bytes, const LaneTable& table) {
  const auto indices = hn::SetTableIndices(kLanes, table.data());
  return hn::BitCast(kBytes, hn::TableLookupLanes(hn::BitCast(kLanes, bytes), indices));
}

template <std::size_t kFirst>
HWY_INLINE Pixels one_to_each_lane(ByteVector bgr) {
  HWY_ALIGN static constexpr LaneTable kToBlocks = four_to_each_block(kFirst);
  constexpr std::size_t kFirstOfBlock = kBlocks == 1 ? kFirst : 0;
  HWY_ALIGN static constexpr ByteTable kBlueGreen = of_each_pixel(kFirstOfBlock, {0, kZero, 1, kZero});
  HWY_ALIGN static constexpr ByteTable kRed = of_each_pixel(kFirstOfBlock, {2, kZero, kZero, kZero});
  if constexpr (kBlocks > 1) bgr = permute_lanes(bgr, kToBlocks);
  return {hn::TableLookupBytesOr0(bgr, hn::LoadDup128(kBytes, kBlueGreen.data())),
          hn::TableLookupBytesOr0(bgr, hn::LoadDup128(kBytes, kRed.data()))};
}

HWY_INLINE ByteVector in_order(ByteVector gray) {
  HWY_ALIGN static constexpr ByteTable kInBlock = bytes_of_lanes(4);
  HWY_ALIGN static constexpr LaneTable kOrder = lanes_of_blocks();
  gray = hn::TableLookupBytes(gray, hn::LoadDup128(kBytes, kInBlock.data()));
  if constexpr (kBlocks > 1) gray = permute_lanes(gray, kOrder);
  return gray;
}

/// B*3735 + G*19235 + R*9798 of the pixels from byte `kFirst` of the vector on, one to each 32-bit lane.
template <std::size_t kFirst>
HWY_INLINE LaneVector weighted_sums(ByteVector bgr) {
  const auto blue_green_weights = hn::BitCast(kSignedWords, hn::Set(kLanes, 3735U | 19235U << 16U));
  const auto red_weights = hn::BitCast(kSignedWords, hn::Set(kLanes, 9798U));
  const auto [blue_green, red] = one_to_each_lane<kFirst>(bgr);
  // Highway promises no order of the sums. On x86 each lane gets its own pair's; a test of each target sees
  // to it.
  auto unused = hn::Zero(kSignedLanes);
  const auto sums = hn::ReorderWidenMulAccumulate(kSignedLanes, hn::BitCast(kSignedWords, blue_green),
                                                  blue_green_weights, hn::Zero(kSignedLanes), unused);
  return hn::BitCast(kLanes, hn::ReorderWidenMulAccumulate(kSignedLanes, hn::BitCast(kSignedWords, red),
                                                           red_weights, sums, unused));
}

/// The weighted sums of a chunk's pixels, a quarter of them each.
struct QuarterSums {
  LaneVector sums0, sums1, sums2, sums3;
};

HWY_INLINE QuarterSums sums_of_quarters(const std::uint8_t* bgr) {
  // Three quarters of a vector are pixels enough for its lanes. The last load does not begin where its pixels
  // do but ends where the chunk does: it would else wait for the next chunk's first cache line, which is not
  // there yet.
  constexpr std::size_t kQuarter = kVectorBytes / 4;
  return {weighted_sums<0>(hn::LoadU(kBytes, bgr)), weighted_sums<0>(hn::LoadU(kBytes, bgr + 3 * kQuarter)),
          weighted_sums<0>(hn::LoadU(kBytes, bgr + 6 * kQuarter)),
          weighted_sums<kQuarter>(hn::LoadU(kBytes, bgr + 8 * kQuarter))};
}

struct GrayscaleChunk {
  static HWY_INLINE ByteVector gray(const std::uint8_t* bgr) {
    const auto [sums0, sums1, sums2, sums3] = sums_of_quarters(bgr);
    // A sum is below 2^23. Its bits 7..22 are the gray value with 8 bits after the point: all that the
    // rounding of the formula, + 16384 before >> 15, depends on.
    const auto half = hn::Set(kWords, 1U << 7U);
    const auto even = hn::Add(half, hn::OddEven(hn::BitCast(kWords, hn::ShiftLeft<9>(sums2)),
                                                hn::BitCast(kWords, hn::ShiftRight<7>(sums0))));
    const auto odd = hn::Add(half, hn::OddEven(hn::BitCast(kWords, hn::ShiftLeft<9>(sums3)),
                                               hn::BitCast(kWords, hn::ShiftRight<7>(sums1))));
    // Byte k of lane i is now pixel i of the k-th load.
    return in_order(hn::OddEven(hn::BitCast(kBytes, odd), hn::BitCast(kBytes, hn::ShiftRight<8>(even))));
  }
};

#else

constexpr hn::ScalableTag<std::uint16_t> kWords;
constexpr hn::ScalableTag<std::int16_t> kSignedWords;

/// The gray values, each in 0..255, of 16-bit channels. With b = B-G and r = R-G the formula is
///   G + ((3735*b + 9798*r + 16384) >> 15), where 3735*b + 9798*r = 2048*9*b + 4899*(2*r - 3*b), and so
///   G + ((9*b + 8 + (4899*(2*r - 3*b) >> 11)) >> 4), where that shift is the high half of 9798 * 16*(2*r -
///   3*b).
template <class Vector>
HWY_INLINE Vector gray_of(Vector blue, Vector green, Vector red) {
  const auto b = hn::Sub(blue, green);
  const auto r = hn::Sub(red, green);
  const auto mixed = hn::Sub(hn::ShiftLeft<5>(r), hn::Mul(b, hn::Set(kSignedWords, 48)));  // within +-20400
  const auto high = hn::MulHigh(mixed, hn::Set(kSignedWords, 9798));
  const auto sum = hn::Add(hn::Mul(b, hn::Set(kSignedWords, 9)), hn::Add(high, hn::Set(kSignedWords, 8)));
  return hn::Add(green, hn::ShiftRight<4>(sum));
}

template <class Vector>
HWY_INLINE auto even_bytes(Vector bytes) {
  return hn::BitCast(kSignedWords, hn::And(hn::BitCast(kWords, bytes), hn::Set(kWords, 0xFF)));
}

template <class Vector>
HWY_INLINE auto odd_bytes(Vector bytes) {
  return hn::BitCast(kSignedWords, hn::ShiftRight<8>(hn::BitCast(kWords, bytes)));
}

struct GrayscaleChunk {
  static HWY_INLINE hn::Vec<Bytes> gray(const std::uint8_t* bgr) {
    hn::Vec<Bytes> blue;
    hn::Vec<Bytes> green;
    hn::Vec<Bytes> red;
    hn::LoadInterleaved3(kBytes, bgr, blue, green, red);
    const auto even = gray_of(even_bytes(blue), even_bytes(green), even_bytes(red));
    const auto odd = gray_of(odd_bytes(blue), odd_bytes(green), odd_bytes(red));
    return hn::BitCast(kBytes, hn::Or(even, hn::ShiftLeft<8>(odd)));
  }
};

#endif

void grayscale_rows(const ImagePair& image, Stores stores) {
  convert_rows<GrayscaleChunk>(image, stores);
}

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kernels {

HWY_EXPORT(grayscale_rows);

void grayscale_simd_with(const BgrView& source, const GrayView& gray, int /*threads*/, Stores stores) {
  HWY_DYNAMIC_DISPATCH(grayscale_rows)({source, gray}, stores);
}

void grayscale_simd(const BgrView& source, const GrayView& gray, int /*threads*/) {
  grayscale_simd_with(source, gray, 1, stores_for(source, streaming_threshold_bytes(1)));
}

}  // namespace kernels
#endif
