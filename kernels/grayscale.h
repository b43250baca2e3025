// kernels/grayscale.h: colour to gray, one implementation a file, all bit-exact with one another.
#pragma once

#include "kernels/cpu_level.h"
#include "kernels/image_view.h"
#include "kernels/stores.h"

namespace kernels {

/// gray = (B*3735 + G*19235 + R*9798 + 16384) >> 15 for every pixel: the 15-bit fixed-point form of
/// ITU-R BT.601 luma that OpenCV's cv::cvtColor(COLOR_BGR2GRAY) computes for 8-bit images
/// (modules/imgproc/src/color_rgb.simd.hpp, RGB2Gray<uchar>). `source` and `gray` have the same width and
/// height and do not overlap. `threads` >= 1 is how many threads the kernel may use; a serial one ignores it.
/// Writes nothing but the width x height pixels of `gray`.
using GrayscaleKernel = void (*)(const BgrView& source, const GrayView& gray, int threads);

/// The plain loop, on the calling thread, compiled for the best instruction set that the running CPU offers.
void grayscale_native(const BgrView& source, const GrayView& gray, int threads);

/// The same as compiled for `level`, which the running CPU must offer.
void grayscale_native_at(CpuLevel level, const BgrView& source, const GrayView& gray);

/// The same loop, the pixels split evenly over `threads` OpenMP threads, whatever the image's shape.
void grayscale_openmp(const BgrView& source, const GrayView& gray, int threads);

/// cv::cvtColor, allowed `threads` threads of OpenCV's own pool (cv::setNumThreads, which is process-wide).
/// Width and height must fit in an int, as OpenCV's do. Throws what OpenCV throws.
void grayscale_opencv(const BgrView& source, const GrayView& gray, int threads);

/// How many threads OpenCV's pool can have. With TBB that is decided once a process, at the first call of any
/// such function, by the CPUs that the main thread may run on then: call this before it is bound to fewer.
int opencv_pool_threads();

/// Whole vectors of the best instruction set that the running CPU offers (Google Highway; simd_target() names
/// it), on the calling thread. Streams an image that is larger than streaming_threshold_bytes().
void grayscale_simd(const BgrView& source, const GrayView& gray, int threads);

/// The same over `threads` OpenMP threads, the pixels split where pages or at least cache lines of `gray`
/// begin. A gray image that was not written before gets each page from the memory nearest to the thread that
/// writes it.
void grayscale_openmp_simd(const BgrView& source, const GrayView& gray, int threads);

/// As GrayscaleKernel, with the kind of stores that the caller chose, for instance by stores_for().
using GrayscaleKernelWithStores = void (*)(const BgrView& source, const GrayView& gray, int threads,
                                           Stores stores);

void grayscale_simd_with(const BgrView& source, const GrayView& gray, int threads, Stores stores);
void grayscale_openmp_simd_with(const BgrView& source, const GrayView& gray, int threads, Stores stores);

}  // namespace kernels
