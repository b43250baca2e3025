// kernels/library_kernels.cpp: loads the module and calls what it has.
#include "kernels/library_kernels.h"

#include <dlfcn.h>

#include <stdexcept>
#include <string>

namespace kernels {
namespace {

/// Found by the run path of the file that this is linked into.
const LibraryKernels& load() {
  void* const module = dlopen(kLibraryKernelsModule, RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) throw std::runtime_error("cannot load the kernels: " + std::string(dlerror()));
  const auto get = reinterpret_cast<GetLibraryKernels>(dlsym(module, kGetLibraryKernelsSymbol));
  if (get == nullptr) {
    throw std::runtime_error(std::string(kLibraryKernelsModule) + " has not the kernels of this program");
  }
  return *get();
}

/// Any thread may be the first that asks.
const LibraryKernels& loaded() {
  static const LibraryKernels& kernels = load();
  return kernels;
}

}  // namespace

void grayscale_opencv(const BgrView& source, const GrayView& gray, int threads) {
  loaded().grayscale_opencv(source, gray, threads);
}

std::unique_ptr<GrayscaleOpencl> grayscale_opencl(const BgrView& source, const GrayView& gray) {
  return loaded().grayscale_opencl(source, gray);
}

void grayscale_simd_with(const BgrView& source, const GrayView& gray, int threads, Stores stores) {
  loaded().grayscale_simd_with(source, gray, threads, stores);
}

void grayscale_openmp_simd_with(const BgrView& source, const GrayView& gray, int threads, Stores stores) {
  loaded().grayscale_openmp_simd_with(source, gray, threads, stores);
}

void memory_read3_write1(const BgrView& source, const GrayView& gray, int threads, Stores stores) {
  loaded().memory_read3_write1(source, gray, threads, stores);
}

OpenclDevices opencl_devices() {
  return loaded().opencl_devices();
}

int opencv_pool_threads() {
  return loaded().opencv_pool_threads();
}

std::string opencv_version() {
  return loaded().opencv_version();
}

std::string simd_target() {
  return loaded().simd_target();
}

}  // namespace kernels
