// harness/trace/buffer_pool_test.cpp: threads that come and go must not take more memory than those that are
// there together.
#include "harness/trace/buffer_pool.h"

#include <gtest/gtest.h>

#include <thread>

namespace harness::trace {
namespace {

// The last one, which no Recorder of this process takes.
constexpr std::size_t kTrace = kMaxTraces - 1;
constinit BufferPool pool;

/// The buffer that a new thread gets, which writes in that recording, and ends.
ThreadBuffer* buffer_of_another_thread(std::uint32_t recording) {
  ThreadBuffer* buffer = nullptr;
  std::thread([&] {
    buffer = pool.of_this_thread(recording);
    buffer->enter_epoch(recording);
  }).join();
  return buffer;
}

TEST(BufferPool, GivesABufferThatIsLeftBeforeANewOne) {
  ASSERT_TRUE(pool.map(kTrace, 8, 64));
  ThreadBuffer* const first = buffer_of_another_thread(1);
  ASSERT_NE(first, nullptr);
  EXPECT_NE(buffer_of_another_thread(1), first);  // what is in it is yet to be collected
  EXPECT_EQ(buffer_of_another_thread(2), first);
  EXPECT_EQ(buffer_of_another_thread(3), first);
  EXPECT_EQ(pool.end() - pool.begin(), 2);
}

}  // namespace
}  // namespace harness::trace
