/* kernels/broken_kernel.c: kernels that are not as harness_kernel.h says, for tests: each its own library, made of
 * this file with other definitions. */
#include "harness_kernel.h"

#ifndef VERSION
#define VERSION HARNESS_KERNEL_VERSION
#endif
#ifndef FUNCTION
#define FUNCTION harness_grayscale
#endif
#ifndef RETURNED
#define RETURNED 0
#endif
#ifndef TO
#define TO gray
#endif

#ifndef WITHOUT_VERSION
const int32_t harness_kernel_version = VERSION;
#endif

__attribute__((visibility("default"))) int FUNCTION(const uint8_t* bgr, int64_t bgr_stride, uint8_t* gray,
                                                    int64_t gray_stride, int64_t width, int64_t height, int threads) {
  (void)threads;
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      ((volatile uint8_t*)(TO))[y * gray_stride + x] = bgr[y * bgr_stride + 3 * x]; /* blue is not gray */
    }
  }
  (void)gray;
  return RETURNED;
}
