// kernels/test_threads.h: the threads of this process and where they may run, for tests.
#pragma once

#include <dlfcn.h>
#include <sched.h>

#include <cstddef>
#include <filesystem>
#include <iterator>

namespace kernels {

inline std::ptrdiff_t threads_of_this_process() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

/// Whether OpenMP's runtime is LLVM's, which counts the CPUs once and keeps its threads for the next thread
/// that needs some. libgomp counts those of the thread that asks, and keeps a team for the thread that began
/// it.
inline bool has_llvms_openmp() {
  return dlsym(RTLD_DEFAULT, "kmp_get_blocktime") != nullptr;
}

/// Binds the calling thread to the first of its CPUs, as long as it lives.
class BoundToOneCpu {
 public:
  BoundToOneCpu() {
    cpu_set_t one;
    CPU_ZERO(&one);
    sched_getaffinity(0, sizeof allowed_, &allowed_);
    std::size_t cpu = 0;
    while (!CPU_ISSET(cpu, &allowed_)) ++cpu;
    CPU_SET(cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
  }
  ~BoundToOneCpu() { sched_setaffinity(0, sizeof allowed_, &allowed_); }
  BoundToOneCpu(const BoundToOneCpu&) = delete;
  BoundToOneCpu& operator=(const BoundToOneCpu&) = delete;

  bool had_more() const { return CPU_COUNT(&allowed_) > 1; }

 private:
  cpu_set_t allowed_{};
};

}  // namespace kernels
