// harness/workloads/cuda.h: the project's own kernels on a CUDA device.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "harness/strategies/device.h"
#include "kernels/harness_cuda.h"
#include "kernels/image_view.h"

namespace harness {

/// `kernel` from `source` to `gray`, which have no gaps and whose memory must outlive it, by `module`: a
/// library as kernels/harness_cuda.h has it, which is loaded and never closed, because the driver's threads
/// may still be in it. For the main thread. Throws NotApplicable where there is no module, driver or device,
/// ExperimentError where the module is another one than it should be.
std::unique_ptr<DeviceKernel> cuda_kernel(const std::filesystem::path& module, harness_cuda_kernel kernel,
                                          const kernels::BgrView& source, const kernels::GrayView& gray,
                                          Transfer transfer);

}  // namespace harness
