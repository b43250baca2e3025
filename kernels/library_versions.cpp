// kernels/library_versions.cpp: the libraries that the kernels run on.
#include "kernels/library_versions.h"

#include <dlfcn.h>
#include <omp.h>

#include <filesystem>

namespace kernels {

std::string openmp_version() {
  Dl_info info{};
  const bool found = dladdr(reinterpret_cast<const void*>(&omp_get_max_threads), &info) != 0;
  const std::string file = found ? std::filesystem::path(info.dli_fname).filename().string() : "unknown";
  return std::to_string(_OPENMP) + " (" + file + ")";
}

int openmp_thread_limit() {
  return omp_get_thread_limit();
}

int openmp_levels() {
  return omp_get_max_active_levels();
}

bool openmp_is_dynamic() {
  return omp_get_dynamic() != 0;
}

}  // namespace kernels
