// kernels/opencv_version.cpp: which OpenCV it is that runs.
#include <opencv2/core/utility.hpp>

#include "kernels/library_versions.h"

namespace kernels {

std::string opencv_version() {
  return cv::getVersionString();
}

}  // namespace kernels
