// harness/image/pixel_memory.h: the memory that pixels lie in, laid out so that it does not decide a
// comparison.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

namespace harness {

/// `bytes` zeroed bytes that begin with a page: with a huge one where they fill it and the system has any,
/// because with small ones the figures past the caches are as much of the address translation as of the
/// memory. The OpenMP thread of each slice, cut as the parallel kernels cut, touches that slice first, so
/// that it lies near that thread where threads are bound to cores (OMP_PROC_BIND). Throws std::bad_alloc.
void* allocate_pixels(std::size_t bytes);
void free_pixels(void* pixels) noexcept;

/// allocate_pixels() for a std::vector, which then is not filled a second time when it is made or grows.
template <typename T>
struct PixelAllocator {
  using value_type = T;

  PixelAllocator() = default;
  template <typename U>
  explicit PixelAllocator(const PixelAllocator<U>&) noexcept {}

  T* allocate(std::size_t count) { return static_cast<T*>(allocate_pixels(count * sizeof(T))); }
  void deallocate(T* pixels, std::size_t) noexcept { free_pixels(pixels); }

  template <typename U>
  void construct(U* place) noexcept {
    ::new (static_cast<void*>(place)) U;
  }
  template <typename U, typename Value>
  void construct(U* place, Value&& value) {
    ::new (static_cast<void*>(place)) U(std::forward<Value>(value));
  }

  bool operator==(const PixelAllocator&) const = default;
};

using PixelBytes = std::vector<std::uint8_t, PixelAllocator<std::uint8_t>>;

}  // namespace harness
