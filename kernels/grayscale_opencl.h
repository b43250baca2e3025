// kernels/grayscale_opencl.h: cv::cvtColor on an OpenCL device.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kernels/image_view.h"

namespace kernels {

/// Which OpenCL devices there are, and which of them OpenCV takes (OPENCV_OPENCL_DEVICE chooses; it takes no
/// CPU unasked).
struct OpenclDevices {
  bool opencv_has_opencl = false;   ///< OpenCV was built with it
  std::vector<std::string> cpus;    ///< the names of those that are CPUs
  std::vector<std::string> others;  ///< and of the others
  std::string taken;                ///< "NAME (VENDOR, driver VERSION)"; "" where it takes none
};

/// For the calling thread, which alone may then use GrayscaleOpencl: OpenCV asks once a thread.
OpenclDevices opencl_devices();

/// An image on the OpenCL device that OpenCV takes, converted there by cv::cvtColor(COLOR_BGR2GRAY) on a
/// cv::UMat. Every function returns when the device is done. Throws what OpenCV throws. For one thread.
class GrayscaleOpencl {
 public:
  GrayscaleOpencl() = default;
  virtual ~GrayscaleOpencl() = default;
  GrayscaleOpencl(const GrayscaleOpencl&) = delete;
  GrayscaleOpencl& operator=(const GrayscaleOpencl&) = delete;

  /// Copy a view's pixels to the device.
  virtual void upload_source() = 0;
  virtual void upload_gray() = 0;
  /// Converts what is on the device. OpenCV does so on the CPU where it fails with OpenCL, and says nothing:
  /// throws std::runtime_error where it did.
  virtual void convert() = 0;
  /// Copies the gray pixels from the device into their view.
  virtual void download_gray() = 0;
};

/// Takes memory of the device for both; the source's is zeroed. The views' memory must outlive it; width and
/// height are > 0 and fit in an int.
std::unique_ptr<GrayscaleOpencl> grayscale_opencl(const BgrView& source, const GrayView& gray);

}  // namespace kernels
