/* kernels/telling_kernel.c: a kernel that says on standard error each time that it is called, and on how many CPUs
 * the calling thread may run; for tests. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>

#include "harness_kernel.h"

const int32_t harness_kernel_version = HARNESS_KERNEL_VERSION;

int harness_grayscale(const uint8_t* bgr, int64_t bgr_stride, uint8_t* gray, int64_t gray_stride, int64_t width,
                      int64_t height, int threads) {
  (void)threads;
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      const uint8_t* pixel = bgr + y * bgr_stride + 3 * x;
      gray[y * gray_stride + x] = (uint8_t)((pixel[0] * 3735 + pixel[1] * 19235 + pixel[2] * 9798 + 16384) >> 15);
    }
  }
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  sched_getaffinity(0, sizeof cpus, &cpus);
  fprintf(stderr, "the kernel is called: %d CPUs\n", CPU_COUNT(&cpus));
  return 0;
}
