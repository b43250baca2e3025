// kernels/grayscale_simd.cpp: the conversion by whole vectors, one source for every target of Highway.
//
// What costs a plain loop most is not the arithmetic but the order of the bytes: three to a pixel on the way
// in, one on the way out. On x86 the channels are therefore never separated. Each 32-bit lane gets one pixel,
// as the 16-bit pairs (B,G) and (R,0), and the multiply-add of pairs makes its weighted sum. Four such
// vectors hold the four bytes of each lane of the result; shifts move each to its place. Elsewhere (NEON,
// SVE) a load that separates the channels is one instruction, and 16-bit arithmetic is enough.
#include "kernels/grayscale.h"

#include <array>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/grayscale_simd.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file again for each target.
#include <hwy/highway.h>

#include "kernels/simd_rows-inl.h"

HWY_BEFORE_NAMESPACE();
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

#if HWY_TARGET <= \
    HWY_AVX3_DL  // a byte can go anywhere in the vector, in a step for which Highway 1.0 has no name

template <std::size_t kFirst>
HWY_INLINE Pixels one_to_each_lane(ByteVector bgr) {
  HWY_ALIGN static constexpr ByteTable kBlueGreen = of_each_pixel(kFirst, {0, kZero, 1, kZero});
  HWY_ALIGN static constexpr ByteTable kRed = of_each_pixel(kFirst, {2, kZero, kZero, kZero});
  constexpr __mmask64 kBlueGreenBytes = 0x5555'5555'5555'5555;
  constexpr __mmask64 kRedBytes = 0x1111'1111'1111'1111;
  const auto blue_green = hn::Load(kBytes, kBlueGreen.data());
  const auto red = hn::Load(kBytes, kRed.data());
  return {ByteVector{_mm512_maskz_permutexvar_epi8(kBlueGreenBytes, blue_green.raw, bgr.raw)},
          ByteVector{_mm512_maskz_permutexvar_epi8(kRedBytes, red.raw, bgr.raw)}};
}

HWY_INLINE ByteVector in_order(ByteVector gray) {
  HWY_ALIGN static constexpr ByteTable kOrder = bytes_of_lanes(kVectorLanes);
  return ByteVector{_mm512_permutexvar_epi8(hn::Load(kBytes, kOrder.data()).raw, gray.raw)};
}

#else  // a byte can go anywhere in its 16-byte block, a lane anywhere in the vector

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

#endif

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

#if HWY_TARGET <= HWY_AVX3_DL

HWY_INLINE QuarterSums sums_of_quarters(const std::uint8_t* bgr) {
  // Three loads, none of which crosses a cache line where the image is aligned, and what lies across them put
  // together: with a load where each quarter begins, 0.83 of the memory's speed at 8192x8192 became 0.95.
  const auto first = hn::LoadU(kBytes, bgr);
  const auto second = hn::LoadU(kBytes, bgr + kVectorBytes);
  const auto third = hn::LoadU(kBytes, bgr + 2 * kVectorBytes);
  constexpr std::size_t kQuarter = kVectorBytes / 4;
  return {weighted_sums<0>(first),
          weighted_sums<0>(ByteVector{_mm512_alignr_epi32(second.raw, first.raw, 12)}),
          weighted_sums<0>(ByteVector{_mm512_alignr_epi32(third.raw, second.raw, 8)}),
          weighted_sums<kQuarter>(third)};
}

#else

HWY_INLINE QuarterSums sums_of_quarters(const std::uint8_t* bgr) {
  // Three quarters of a vector are pixels enough for its lanes. The last load does not begin where they do
  // but ends where the chunk does: it would touch the next chunk's first cache line too early for it to be
  // there, which costs a sixth of the speed from memory on Zen 5.
  constexpr std::size_t kQuarter = kVectorBytes / 4;
  return {weighted_sums<0>(hn::LoadU(kBytes, bgr)), weighted_sums<0>(hn::LoadU(kBytes, bgr + 3 * kQuarter)),
          weighted_sums<0>(hn::LoadU(kBytes, bgr + 6 * kQuarter)),
          weighted_sums<kQuarter>(hn::LoadU(kBytes, bgr + 8 * kQuarter))};
}

#endif

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

void grayscale_simd(const BgrView& source, const GrayView& gray, int threads) {
  grayscale_simd_with(source, gray, threads, stores_for(source, streaming_threshold_bytes()));
}

}  // namespace kernels
#endif
