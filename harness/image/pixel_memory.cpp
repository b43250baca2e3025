// harness/image/pixel_memory.cpp: the memory that pixels lie in.
#include "harness/image/pixel_memory.h"

#include <omp.h>
#include <sys/mman.h>

#include <cstdlib>
#include <cstring>

#include "kernels/slice.h"

namespace harness {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kHugePage = std::size_t{2} << 20;

}  // namespace

void* allocate_pixels(std::size_t bytes) {
  const std::size_t page = bytes >= kHugePage ? kHugePage : kPage;
  const std::size_t whole_pages = (bytes + page - 1) / page * page;
  auto* const pixels = static_cast<std::uint8_t*>(std::aligned_alloc(page, whole_pages));
  if (pixels == nullptr && whole_pages > 0) throw std::bad_alloc();
  if (page == kHugePage) madvise(pixels, whole_pages, MADV_HUGEPAGE);  // a wish: the answer does not matter
  const int threads = omp_get_max_threads();
#pragma omp parallel for num_threads(threads) schedule(static) if (page == kHugePage)
  for (int slice = 0; slice < threads; ++slice) {
    const auto size = static_cast<std::int64_t>(whole_pages);
    const std::int64_t begin = kernels::slice_begin(size, slice, threads);
    const std::int64_t end = kernels::slice_begin(size, slice + 1, threads);
    std::memset(pixels + begin, 0, static_cast<std::size_t>(end - begin));
  }
  return pixels;
}

void free_pixels(void* pixels) noexcept {
  std::free(pixels);
}

}  // namespace harness
