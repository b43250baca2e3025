// kernels/sum_of_squares_openmp.cpp: the loop of sum_of_squares_native, its terms split over OpenMP threads.
#include "kernels/slice.h"
#include "kernels/sum_of_squares.h"

namespace kernels {

Uint128 sum_of_squares_openmp(std::int64_t begin, std::int64_t end, int threads) {
  Uint128 sum = 0;
  // One iteration a thread, and the serial kernel in it: what differs from `native` is the threads alone.
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int slice = 0; slice < threads; ++slice) {
    const Uint128 part = sum_of_squares_native(begin + slice_begin(end - begin, slice, threads),
                                               begin + slice_begin(end - begin, slice + 1, threads), 1);
    // Not reduction(+ : sum): clang makes that a 128-bit atomic, which wants libatomic.
#pragma omp critical(sum_of_squares)
    sum += part;
  }
  return sum;
}

}  // namespace kernels
