// kernels/library_kernels.cpp: loads the module and calls what it has.
#include "kernels/library_kernels.h"

#include <dlfcn.h>

#include <stdexcept>
#include <string>
#include <utility>

#include "kernels/load_module.h"

namespace kernels {
namespace {

std::filesystem::path& module_file() {
  static std::filesystem::path file = HARNESS_KERNELS_MODULE;
  return file;
}

const LibraryKernels& load() {
  void* const module = load_module(module_file());
  if (module == nullptr) throw std::runtime_error("cannot load the kernels: " + std::string(dlerror()));
  const auto get = reinterpret_cast<GetLibraryKernels>(dlsym(module, kGetLibraryKernelsSymbol));
  if (get == nullptr) {
    throw std::runtime_error(module_file().string() + " has not the kernels of this program; build it anew");
  }
  return *get();
}

/// Any thread may be the first that asks. Where loading fails, the next one that asks tries again.
const LibraryKernels& loaded() {
  static const LibraryKernels& kernels = load();
  return kernels;
}

}  // namespace

void use_library_kernels(std::filesystem::path module) {
  module_file() = std::move(module);
}

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
