// harness/workloads/opencl.h: kernels on the OpenCL device that OpenCV takes.
#pragma once

#include <memory>

#include "harness/strategies/device.h"
#include "kernels/image_view.h"

namespace harness {

/// `source` to gray by cv::cvtColor on a cv::UMat. The views' memory must outlive it. For the main thread.
/// Throws NotApplicable where OpenCV has no OpenCL device, and says what is missing.
std::unique_ptr<DeviceKernel> opencl_grayscale(const kernels::BgrView& source, const kernels::GrayView& gray,
                                               Transfer transfer);

}  // namespace harness
