// kernels/grayscale_openmp_simd.cpp: grayscale_simd, its pixels split over OpenMP threads.
#include "kernels/grayscale.h"
#include "kernels/pixel_range.h"

namespace kernels {

void grayscale_openmp_simd_with(const BgrView& source, const GrayView& gray, int threads, Stores stores) {
  const ImagePair image = as_one_row({source, gray});
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int slice = 0; slice < threads; ++slice) {
    for (const ImagePair& part : pixel_range(image, aligned_slice_begin(image, slice, threads),
                                             aligned_slice_begin(image, slice + 1, threads))) {
      grayscale_simd_with(part.source, part.gray, 1, stores);
    }
  }
}

void grayscale_openmp_simd(const BgrView& source, const GrayView& gray, int threads) {
  grayscale_openmp_simd_with(source, gray, threads, stores_for(source, streaming_threshold_bytes(threads)));
}

}  // namespace kernels
