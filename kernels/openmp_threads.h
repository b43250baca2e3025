// kernels/openmp_threads.h: the threads that OpenMP keeps for the calling thread.
#pragma once

#include <functional>

namespace kernels {

/// Runs `action` once in each thread of the team of `threads` that the calling thread's next parallel regions
/// of that size will have; the calling thread is number 0. Rethrows the first error after all have finished.
void for_each_openmp_thread(int threads, const std::function<void(int number)>& action);

}  // namespace kernels
