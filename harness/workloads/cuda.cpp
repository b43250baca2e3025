// harness/workloads/cuda.cpp: the project's own kernels on a CUDA device.
#include "harness/workloads/cuda.h"

#include <dlfcn.h>

#include <string>

#include "harness/error.h"

namespace harness {
namespace {

const harness_cuda_api& load(const std::filesystem::path& module) {
  if (!std::filesystem::exists(module)) {
    throw NotApplicable("this build has no CUDA kernels, because CMake found no nvcc that works",
                        "CUDACXX=/path/to/nvcc cmake --preset release && cmake --build --preset release");
  }
  void* const library = dlopen(module.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    throw ExperimentError("the CUDA kernels cannot be loaded: " + std::string(dlerror()));
  const auto* const version = static_cast<const std::int32_t*>(dlsym(library, "harness_cuda_version"));
  const auto* const api = static_cast<const harness_cuda_api*>(dlsym(library, "harness_cuda"));
  if (version == nullptr || api == nullptr) {
    throw ExperimentError(module.string() + " has not the CUDA kernels of this program");
  }
  if (*version != HARNESS_CUDA_VERSION) {
    throw ExperimentError(module.string() + " is of version " + std::to_string(*version) +
                          " of harness_cuda.h, and this is " + std::to_string(HARNESS_CUDA_VERSION) +
                          "; build it anew");
  }
  return *api;
}

void require_device(const harness_cuda_api& api) {
  const std::string driver = "apt-get install nvidia-driver";
  switch (api.state()) {
    case HARNESS_CUDA_NO_DRIVER:
      throw NotApplicable("there is no NVIDIA driver (libcuda.so.1)", driver);
    case HARNESS_CUDA_OLD_DRIVER:
      throw NotApplicable("the NVIDIA driver is older than the CUDA that this program was built with",
                          driver);
    case HARNESS_CUDA_NO_DEVICE:
      throw NotApplicable("no CUDA device (the NVIDIA driver has none, or CUDA_VISIBLE_DEVICES leaves none)",
                          "unset CUDA_VISIBLE_DEVICES");
    default:
      return;
  }
}

/// Throws what a function of the module says, if anything.
void check(const char* error) {
  if (error != nullptr) throw ExperimentError(std::string("CUDA: ") + error);
}

class CudaKernel : public DeviceKernel {
 public:
  CudaKernel(const harness_cuda_api& api, harness_cuda_kernel kernel, const kernels::BgrView& source,
             const kernels::GrayView& gray, Transfer transfer)
      : api_(api) {
    const auto moved = transfer == Transfer::both ? HARNESS_CUDA_TRANSFER_BOTH : HARNESS_CUDA_TRANSFER_NONE;
    check(api_.open(&job_, kernel, moved, source.data, gray.data, source.width * source.height));
  }
  ~CudaKernel() override { api_.close(job_); }

  void upload() override { check(api_.upload(job_)); }
  void run() override { check(api_.run(job_)); }
  void download() override { check(api_.download(job_)); }
  std::string device() const override { return api_.device(job_); }

 private:
  const harness_cuda_api& api_;
  harness_cuda_job* job_ = nullptr;
};

}  // namespace

std::unique_ptr<DeviceKernel> cuda_kernel(const std::filesystem::path& module, harness_cuda_kernel kernel,
                                          const kernels::BgrView& source, const kernels::GrayView& gray,
                                          Transfer transfer) {
  const harness_cuda_api& api = load(module);
  require_device(api);
  return std::make_unique<CudaKernel>(api, kernel, source, gray, transfer);
}

}  // namespace harness
