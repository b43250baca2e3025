// harness/image/pixel_memory.cpp: the memory that pixels lie in.
#include "harness/image/pixel_memory.h"

#include <omp.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "kernels/slice.h"

namespace harness {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kHugePage = std::size_t{2} << 20;

void touch_by_slices(std::uint8_t* pixels, std::int64_t bytes) {
  const int threads = omp_get_max_threads();
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int slice = 0; slice < threads; ++slice) {
    const std::int64_t begin = kernels::slice_begin(bytes, slice, threads);
    const std::int64_t end = kernels::slice_begin(bytes, slice + 1, threads);
    std::memset(pixels + begin, 0, static_cast<std::size_t>(end - begin));
  }
}

}  // namespace

void* allocate_pixels(std::size_t bytes) {
  const std::size_t page = bytes >= kHugePage ? kHugePage : kPage;
  const std::size_t whole_pages = std::max(bytes + page - 1, page) / page * page;
  auto* const pixels = static_cast<std::uint8_t*>(std::aligned_alloc(page, whole_pages));
  if (pixels == nullptr) throw std::bad_alloc();
  if (page == kHugePage) madvise(pixels, whole_pages, MADV_HUGEPAGE);  // a wish: the answer does not matter
  if (page != kHugePage) {
    std::memset(pixels, 0, whole_pages);
    return pixels;
  }
  // A thread of its own does this, because OpenMP keeps a team as long as the thread that began it lives, and
  // libgomp counts its threads: while there are more than cores, its waiting threads go to sleep at once, and
  // a kernel on two threads can then have both woken on one core, one after the other.
  std::jthread([&] { touch_by_slices(pixels, static_cast<std::int64_t>(whole_pages)); }).join();
  return pixels;
}

void free_pixels(void* pixels) noexcept {
  std::free(pixels);
}

}  // namespace harness
