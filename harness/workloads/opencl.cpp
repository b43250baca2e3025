// harness/workloads/opencl.cpp: kernels on the OpenCL device that OpenCV takes.
#include "harness/workloads/opencl.h"

#include <exception>
#include <string>
#include <utility>

#include "harness/error.h"
#include "kernels/grayscale_opencl.h"

namespace harness {
namespace {

/// The device that OpenCV takes.
std::string taken_device() {
  const kernels::OpenclDevices devices = kernels::opencl_devices();
  if (!devices.taken.empty()) return devices.taken;
  if (!devices.opencv_has_opencl) {
    throw NotApplicable("OpenCV was built without OpenCL (Debian's has it)",
                        "apt-get install libopencv-dev && cmake --fresh --preset release && "
                        "cmake --build --preset release");
  }
  if (!devices.others.empty()) {
    throw NotApplicable("OPENCV_OPENCL_DEVICE or OPENCV_OPENCL_RUNTIME keeps OpenCV from the OpenCL device " +
                            devices.others.front(),
                        "unset OPENCV_OPENCL_DEVICE OPENCV_OPENCL_RUNTIME");
  }
  if (!devices.cpus.empty()) {
    throw NotApplicable(
        "the only OpenCL device is a CPU (" + devices.cpus.front() + "), which OpenCV takes only if told to",
        "export OPENCV_OPENCL_DEVICE=:CPU:");
  }
  throw NotApplicable("there is no OpenCL device, or no driver of one",
                      "apt install ocl-icd-libopencl1 pocl-opencl-icd");
}

/// What `action` does, with its errors as the experiment's.
template <typename Action>
auto by_opencv(Action action) {
  try {
    return action();
  } catch (const NotApplicable&) {
    throw;
  } catch (const std::exception& error) {  // cv::Exception is one
    throw ExperimentError(error.what());
  }
}

class OpenclGrayscale : public DeviceKernel {
 public:
  OpenclGrayscale(const kernels::BgrView& source, const kernels::GrayView& gray, Transfer transfer,
                  std::string device)
      : transfer_(transfer), device_(std::move(device)), image_(kernels::grayscale_opencl(source, gray)) {}

  void upload() override {
    by_opencv([this] {
      if (transfer_ == Transfer::none) image_->upload_source();
      image_->upload_gray();
    });
  }

  void run() override {
    by_opencv([this] {
      if (transfer_ == Transfer::both) image_->upload_source();
      image_->convert();
      if (transfer_ == Transfer::both) image_->download_gray();
    });
  }

  void download() override {
    if (transfer_ == Transfer::none) by_opencv([this] { image_->download_gray(); });
  }

  std::string device() const override { return device_; }

 private:
  const Transfer transfer_;
  const std::string device_;
  const std::unique_ptr<kernels::GrayscaleOpencl> image_;
};

}  // namespace

std::unique_ptr<DeviceKernel> opencl_grayscale(const kernels::BgrView& source, const kernels::GrayView& gray,
                                               Transfer transfer) {
  return by_opencv([&]() -> std::unique_ptr<DeviceKernel> {
    return std::make_unique<OpenclGrayscale>(source, gray, transfer, taken_device());
  });
}

}  // namespace harness
