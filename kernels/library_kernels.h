// kernels/library_kernels.h: what the module harness_kernels.so offers to the program.
//
// OpenCV brings more than twenty libraries with it (LAPACK, OpenGL, X11, ...), and Highway's times the clock
// when it is loaded. A process that runs nothing of theirs is to wait for neither. So the kernels that need
// one of the two are a module of their own, which library_kernels.cpp loads when the first of them is called.
// The program's calls go to the functions that grayscale.h, grayscale_opencl.h, library_versions.h, memory.h
// and simd_target.h declare, as if they were linked in.
#pragma once

#include <filesystem>

#include "kernels/grayscale.h"
#include "kernels/grayscale_opencl.h"
#include "kernels/library_versions.h"
#include "kernels/memory.h"
#include "kernels/simd_target.h"

namespace kernels {

/// The functions of the same names.
struct LibraryKernels {
  decltype(&kernels::grayscale_opencv) grayscale_opencv;
  decltype(&kernels::grayscale_opencl) grayscale_opencl;
  decltype(&kernels::grayscale_simd_with) grayscale_simd_with;
  decltype(&kernels::grayscale_openmp_simd_with) grayscale_openmp_simd_with;
  decltype(&kernels::memory_read3_write1) memory_read3_write1;
  decltype(&kernels::opencl_devices) opencl_devices;
  decltype(&kernels::opencv_pool_threads) opencv_pool_threads;
  decltype(&kernels::opencv_version) opencv_version;
  decltype(&kernels::simd_target) simd_target;
};

using GetLibraryKernels = const LibraryKernels* (*)();
/// Its number changes with the struct, so that a module of another build is not taken for this one's.
inline constexpr const char* kGetLibraryKernelsSymbol = "harness_library_kernels_1";

/// Where the module is. Until it is told, the program looks where the build has made it. To be called before
/// any kernel is, while there is one thread.
void use_library_kernels(std::filesystem::path module);

}  // namespace kernels
