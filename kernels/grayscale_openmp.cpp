// kernels/grayscale_openmp.cpp: the loop of grayscale_native, its pixels split over OpenMP threads.
#include "kernels/grayscale.h"
#include "kernels/pixel_range.h"
#include "kernels/slice.h"

namespace kernels {

void grayscale_openmp(const BgrView& source, const GrayView& gray, int threads) {
  const ImagePair image = as_one_row({source, gray});
  const std::int64_t pixels = source.width * source.height;
  // One iteration a thread, and the serial kernel in it: what differs from `native` is the threads alone.
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int slice = 0; slice < threads; ++slice) {
    for (const ImagePair& part :
         pixel_range(image, slice_begin(pixels, slice, threads), slice_begin(pixels, slice + 1, threads))) {
      grayscale_native(part.source, part.gray, 1);
    }
  }
}

}  // namespace kernels
