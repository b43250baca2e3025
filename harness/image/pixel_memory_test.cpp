// harness/image/pixel_memory_test.cpp: memory that is not what it is told to be, or threads that it leaves
// behind.
#include "harness/image/pixel_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "kernels/test_threads.h"

namespace harness {
namespace {

using kernels::threads_of_this_process;

TEST(PixelMemory, BeginsWithAPageAndIsZeroed) {
  for (const std::size_t bytes : {1U, 4096U, 3U << 20U}) {
    const PixelBytes pixels(bytes);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(pixels.data()) % 4096, 0U) << bytes;
    EXPECT_EQ(std::ranges::count(pixels, 0), static_cast<std::ptrdiff_t>(bytes)) << bytes;
  }
}

TEST(PixelMemory, BeginsWithAHugePageWhereItFillsOne) {
  const PixelBytes pixels(std::size_t{5} << 20);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(pixels.data()) % (2U << 20U), 0U);
}

// OpenMP's threads would make those of the kernels sleep where they are to wait busily. They end by
// themselves, a moment after the one that began them.
TEST(PixelMemory, LeavesNoThreadBehind) {
  if (kernels::has_llvms_openmp()) GTEST_SKIP() << "LLVM's OpenMP keeps its threads";
  const std::ptrdiff_t before = threads_of_this_process();
  const PixelBytes pixels(std::size_t{5} << 20);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (threads_of_this_process() > before && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  EXPECT_EQ(threads_of_this_process(), before);
}

}  // namespace
}  // namespace harness
