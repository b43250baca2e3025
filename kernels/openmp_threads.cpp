// kernels/openmp_threads.cpp: the threads that OpenMP keeps for the calling thread.
#include "kernels/openmp_threads.h"

#include <omp.h>

#include <exception>

namespace kernels {

void for_each_openmp_thread(int threads, const std::function<void(int number)>& action) {
  std::exception_ptr first;
#pragma omp parallel num_threads(threads)
  try {
    action(omp_get_thread_num());
  } catch (...) {  // which must not leave the region
#pragma omp critical
    if (!first) first = std::current_exception();
  }
  if (first) std::rethrow_exception(first);
}

}  // namespace kernels
