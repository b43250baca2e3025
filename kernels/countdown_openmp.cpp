// kernels/countdown_openmp.cpp: the loop of countdown_native, its steps split over OpenMP threads.
#include "kernels/countdown.h"
#include "kernels/slice.h"

namespace kernels {

std::uint64_t countdown_openmp(std::int64_t begin, std::int64_t end, int threads) {
  std::uint64_t steps = 0;
  // One iteration a thread, and the serial kernel in it: what differs from `native` is the threads alone.
#pragma omp parallel for num_threads(threads) schedule(static) reduction(+ : steps)
  for (int slice = 0; slice < threads; ++slice) {
    steps += countdown_native(begin + slice_begin(end - begin, slice, threads),
                              begin + slice_begin(end - begin, slice + 1, threads), 1);
  }
  return steps;
}

}  // namespace kernels
