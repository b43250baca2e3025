/* kernels/example_kernel.c: a kernel for harness --kernel=FILE, as short as one can be.
 *
 *     cc -O3 -fopenmp -shared -fPIC -I PREFIX/include/harness -o libmine.so example_kernel.c
 *     harness --filter=grayscale --kernel=libmine.so */
#include "harness_kernel.h"

const int32_t harness_kernel_version = HARNESS_KERNEL_VERSION;

int harness_grayscale(const uint8_t* bgr, int64_t bgr_stride, uint8_t* gray, int64_t gray_stride, int64_t width,
                      int64_t height, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int64_t y = 0; y < height; ++y) {
    const uint8_t* from = bgr + y * bgr_stride;
    uint8_t* to = gray + y * gray_stride;
    for (int64_t x = 0; x < width; ++x) {
      to[x] = (uint8_t)((from[3 * x] * 3735u + from[3 * x + 1] * 19235u + from[3 * x + 2] * 9798u + 16384u) >> 15);
    }
  }
  return 0;
}
