// kernels/test_image.h: images for the kernels' tests, whose memory notices any byte touched outside them.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <span>

#include "kernels/image_view.h"

namespace kernels {

/// Which end of a GuardedBuffer's memory lies at a page that must not be touched.
enum class Guard { before, after };

/// `bytes` bytes, filled with kCanary, that begin right after (Guard::before) or end right before
/// (Guard::after) a page that may be neither read nor written: touching it ends the test with SIGSEGV.
class GuardedBuffer {
 public:
  static constexpr std::uint8_t kCanary = 0xA5;

  GuardedBuffer(std::int64_t bytes, Guard guard) : bytes_(static_cast<std::size_t>(bytes)) {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    const std::size_t inner = (bytes_ + page - 1) / page * page;
    mapped_ = inner + 2 * page;
    void* memory = mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) std::abort();
    memory_ = static_cast<std::uint8_t*>(memory);
    if (inner != 0 && mprotect(memory_ + page, inner, PROT_READ | PROT_WRITE) != 0) std::abort();
    data_ = memory_ + page + (guard == Guard::after ? inner - bytes_ : 0);
    std::fill_n(data_, bytes_, kCanary);
  }
  ~GuardedBuffer() { munmap(memory_, mapped_); }
  GuardedBuffer(const GuardedBuffer&) = delete;
  GuardedBuffer& operator=(const GuardedBuffer&) = delete;

  std::uint8_t* data() { return data_; }
  std::span<std::uint8_t> bytes() { return {data_, bytes_}; }

 private:
  std::size_t bytes_;
  std::size_t mapped_ = 0;
  std::uint8_t* memory_ = nullptr;
  std::uint8_t* data_ = nullptr;
};

/// Where the pixels of a test image lie: `offset` bytes from the start of its memory, and `gap` bytes after
/// every row but the last. Without either the image is contiguous.
struct Layout {
  std::int64_t offset = 0;
  std::int64_t gap = 0;
};

/// A colour image of random bytes and an unwritten gray image of the same size, each in guarded memory of its
/// own.
class TestImage {
 public:
  TestImage(std::int64_t width, std::int64_t height, Layout layout, Guard guard)
      : width_(width),
        height_(height),
        layout_(layout),
        source_(memory_of(3 * width), guard),
        gray_(memory_of(width), guard) {
    std::mt19937 random(static_cast<unsigned>(width * 7919 + height));
    for (std::uint8_t& byte : source_.bytes()) byte = static_cast<std::uint8_t>(random());
  }

  BgrView source() { return {source_.data() + layout_.offset, width_, height_, 3 * width_ + layout_.gap}; }
  GrayView gray() { return {gray_.data() + layout_.offset, width_, height_, width_ + layout_.gap}; }

  /// Whether every byte of the gray image's memory that is no pixel of it still has its canary.
  bool gaps_are_untouched() {
    const std::span<const std::uint8_t> bytes = gray_.bytes();
    for (std::int64_t byte = 0; byte < static_cast<std::int64_t>(bytes.size()); ++byte) {
      const std::int64_t from_first_pixel = byte - layout_.offset;
      const bool pixel = from_first_pixel >= 0 && from_first_pixel % (width_ + layout_.gap) < width_;
      if (!pixel && bytes[static_cast<std::size_t>(byte)] != GuardedBuffer::kCanary) return false;
    }
    return true;
  }

 private:
  std::int64_t memory_of(std::int64_t row) const {
    return layout_.offset + height_ * (row + layout_.gap) - layout_.gap;
  }

  std::int64_t width_;
  std::int64_t height_;
  Layout layout_;
  GuardedBuffer source_;
  GuardedBuffer gray_;
};

}  // namespace kernels
