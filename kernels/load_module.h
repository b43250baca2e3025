// kernels/load_module.h: loads a module of this program's that brings OpenCV with it.
#pragma once

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>

namespace kernels {

/// dlopen() of `module`; null where that fails, and dlerror() then says why. By one thread at a time, while
/// none reads the environment.
///
/// Debian's OpenCV may bring OpenBLAS, whose threads wait busily for about a tenth of a second after they
/// have been started (OPENBLAS_THREAD_TIMEOUT, 2^26 to 2^28 cycles): on the cores that the first rows are
/// timed on. So they sleep at once, unless the user has set that. OpenBLAS reads it once, when it is loaded.
inline void* load_module(const std::filesystem::path& module) {
  constexpr const char* kTimeout = "OPENBLAS_THREAD_TIMEOUT";
  const bool is_users = std::getenv(kTimeout) != nullptr;
  if (!is_users) setenv(kTimeout, "4", 0);  // the least that it takes
  void* const handle = dlopen(module.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!is_users) unsetenv(kTimeout);
  return handle;
}

}  // namespace kernels
