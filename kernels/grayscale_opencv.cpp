// kernels/grayscale_opencv.cpp: OpenCV's own conversion, on the memory of the views.
#include <cassert>
#include <opencv2/imgproc.hpp>

#include "kernels/grayscale.h"

namespace kernels {

void grayscale_opencv(const BgrView& source, const GrayView& gray, int threads) {
  if (source.width == 0 || source.height == 0) return;  // OpenCV throws on an empty image
  // Setting the number, even to what it is, makes OpenCV look at its pool again; that is not part of the
  // conversion.
  if (cv::getNumThreads() != threads) cv::setNumThreads(threads);
  const auto width = static_cast<int>(source.width);
  const auto height = static_cast<int>(source.height);
  // cv::Mat has no const form. The source is only read.
  const cv::Mat from(height, width, CV_8UC3, const_cast<std::uint8_t*>(source.data),
                     static_cast<std::size_t>(source.stride));
  cv::Mat to(height, width, CV_8UC1, gray.data, static_cast<std::size_t>(gray.stride));
  cv::cvtColor(from, to, cv::COLOR_BGR2GRAY);
  assert(to.data == gray.data);  // shape and type fit, so OpenCV had no cause to allocate
}

int opencv_pool_threads() {
  return cv::getNumThreads();
}

}  // namespace kernels
