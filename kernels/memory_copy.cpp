// kernels/memory_copy.cpp: the ceiling of a plain copy.
#include <cstring>

#include "kernels/memory.h"
#include "kernels/slice.h"

namespace kernels {

void memory_copy(const std::uint8_t* source, std::uint8_t* destination, std::int64_t bytes, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int slice = 0; slice < threads; ++slice) {
    const std::int64_t begin = slice_begin(bytes, slice, threads);
    const std::int64_t end = slice_begin(bytes, slice + 1, threads);
    std::memcpy(destination + begin, source + begin, static_cast<std::size_t>(end - begin));
  }
}

}  // namespace kernels
