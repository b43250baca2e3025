// harness/workloads/user_kernel.cpp: a native kernel of the user's own, from a shared library.
#include "harness/workloads/user_kernel.h"

#include <dlfcn.h>

#include <exception>
#include <string>

#include "harness/error.h"
#include "kernels/harness_kernel.h"

namespace harness {

void UserKernel::load() {
  const std::string flag = "--kernel=" + file_.string() + ": ";
  if (!std::filesystem::exists(absolute_)) throw ExperimentError(flag + "there is no such file");
  // The path is absolute, because the loader looks for a name without a slash in the system's folders. The
  // library is never closed: its own threads may still be in it.
  void* const library = dlopen(absolute_.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw ExperimentError(flag + "it cannot be loaded: " + dlerror());
  const auto* const version = static_cast<const std::int32_t*>(dlsym(library, "harness_kernel_version"));
  if (version == nullptr) {
    throw ExperimentError(flag +
                          "it does not define harness_kernel_version, as harness_kernel.h says it must");
  }
  if (*version != HARNESS_KERNEL_VERSION) {
    throw ExperimentError(flag + "it was made for version " + std::to_string(*version) +
                          " of harness_kernel.h, and this is " + std::to_string(HARNESS_KERNEL_VERSION) +
                          "; build it anew");
  }
  function_ = dlsym(library, "harness_grayscale");
  if (function_ == nullptr) {
    throw ExperimentError(flag + "it does not define harness_grayscale, as harness_kernel.h says it must");
  }
}

void UserKernel::run(const kernels::BgrView& source, const kernels::GrayView& gray, int threads) {
  if (function_ == nullptr) load();
  const auto function = reinterpret_cast<decltype(&harness_grayscale)>(function_);
  int error = 0;
  try {
    error =
        function(source.data, source.stride, gray.data, gray.stride, source.width, source.height, threads);
  } catch (const std::exception& exception) {
    throw ExperimentError("the kernel threw " + std::string(exception.what()) + "; it is to return a number");
  }
  if (error != 0) throw ExperimentError("the kernel returned error " + std::to_string(error));
}

}  // namespace harness
