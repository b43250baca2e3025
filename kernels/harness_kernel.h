/* kernels/harness_kernel.h: what a native kernel of your own must define, for harness --kernel=FILE.
 *
 * That is one function and one version number, in C's own conventions: any language that can export both from
 * a shared library will do. The program runs the kernel like its own, after Py_BEGIN_ALLOW_THREADS, verifies
 * it bit for bit, then times it, as strategy `mine` of grayscale. Build it with, for instance
 *
 *     cc -O3 -march=native -fopenmp -shared -fPIC -o libmine.so mine.c
 *
 * The kernel runs in the program's own process. Nothing catches a crash, or what it does to memory that is
 * not its own: the process ends, and the rows that were finished are not saved. */
#ifndef HARNESS_KERNEL_H
#define HARNESS_KERNEL_H

#include <stdint.h>

/* Changes whenever what is below does. */
#define HARNESS_KERNEL_VERSION 1

#ifdef __cplusplus
extern "C" {
#endif

/* To be defined as HARNESS_KERNEL_VERSION, so that the program knows what the library was made for. */
extern __attribute__((visibility("default"))) const int32_t harness_kernel_version;

/* For every pixel:  gray = (B*3735 + G*19235 + R*9798 + 16384) >> 15, in any order and way.
 *
 * bgr: 3 bytes a pixel (blue, green, red), only to be read; gray: 1 byte a pixel, all to be written and
 * nothing beside them. Row y of each begins at y times its stride, which is in bytes and may be more than the
 * row needs. The two do not overlap; no alignment is promised. threads: how many threads it may use, 1 at
 * least.
 *
 * Returns 0, or a number of its own that the row then shows as an error. */
__attribute__((visibility("default"))) int harness_grayscale(const uint8_t* bgr, int64_t bgr_stride,
                                                             uint8_t* gray, int64_t gray_stride,
                                                             int64_t width, int64_t height, int threads);

#ifdef __cplusplus
}
#endif

#endif
