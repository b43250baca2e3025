// kernels/grayscale.h: colour to gray, one implementation a file, all bit-exact with one another.
#pragma once

#include "kernels/image_view.h"

namespace kernels {

/// gray = (B*3735 + G*19235 + R*9798 + 16384) >> 15 for every pixel: the 15-bit fixed-point form of
/// ITU-R BT.601 luma that OpenCV's cv::cvtColor(COLOR_BGR2GRAY) computes for 8-bit images
/// (modules/imgproc/src/color_rgb.simd.hpp, RGB2Gray<uchar>). `source` and `gray` have the same width and
/// height and do not overlap. `threads` >= 1 is how many threads the kernel may use; a serial one ignores it.
/// Writes nothing but the width x height pixels of `gray`.
using GrayscaleKernel = void (*)(const BgrView& source, const GrayView& gray, int threads);

/// The plain loop, on the calling thread.
void grayscale_native(const BgrView& source, const GrayView& gray, int threads);

/// The plain loop, rows split over `threads` OpenMP threads.
void grayscale_openmp(const BgrView& source, const GrayView& gray, int threads);

/// cv::cvtColor, allowed `threads` threads of OpenCV's own pool (cv::setNumThreads, which is process-wide).
void grayscale_opencv(const BgrView& source, const GrayView& gray, int threads);

}  // namespace kernels
