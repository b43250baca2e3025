// kernels/library_kernels_module.cpp: the module that is linked against OpenCV and Highway.
#include "kernels/library_kernels.h"

extern "C" __attribute__((visibility("default"))) const kernels::LibraryKernels* harness_library_kernels_1() {
  static constexpr kernels::LibraryKernels kernels{
      .grayscale_opencv = kernels::grayscale_opencv,
      .grayscale_opencl = kernels::grayscale_opencl,
      .grayscale_simd_with = kernels::grayscale_simd_with,
      .grayscale_openmp_simd_with = kernels::grayscale_openmp_simd_with,
      .memory_read3_write1 = kernels::memory_read3_write1,
      .opencl_devices = kernels::opencl_devices,
      .opencv_pool_threads = kernels::opencv_pool_threads,
      .opencv_version = kernels::opencv_version,
      .simd_target = kernels::simd_target};
  return &kernels;
}
