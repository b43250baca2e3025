// kernels/memory_read3_write1.cpp: the ceiling of grayscale: its traffic, with two XORs for arithmetic.
//
// It walks the images exactly as grayscale_simd does, so that the gap between the two is the arithmetic.
#include "kernels/memory.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/memory_read3_write1.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file again for each target.
#include <hwy/highway.h>

#include "kernels/pixel_range.h"
#include "kernels/simd_rows-inl.h"

KERNELS_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

struct MemoryChunk {
  static HWY_INLINE hn::Vec<Bytes> gray(const std::uint8_t* bgr) {
    constexpr Bytes bytes;
    const std::size_t step = hn::Lanes(bytes);
    return hn::Xor(hn::LoadU(bytes, bgr),
                   hn::Xor(hn::LoadU(bytes, bgr + step), hn::LoadU(bytes, bgr + 2 * step)));
  }
};

void memory_rows(const ImagePair& image, Stores stores) {
  convert_rows<MemoryChunk>(image, stores);
}

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kernels {

HWY_EXPORT(memory_rows);

void memory_read3_write1(const BgrView& source, const GrayView& gray, int threads, Stores stores) {
  const ImagePair image = as_one_row({source, gray});
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int slice = 0; slice < threads; ++slice) {
    for (const ImagePair& part : pixel_range(image, aligned_slice_begin(image, slice, threads),
                                             aligned_slice_begin(image, slice + 1, threads))) {
      HWY_DYNAMIC_DISPATCH(memory_rows)(part, stores);
    }
  }
}

}  // namespace kernels
#endif
