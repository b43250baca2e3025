// harness/trace/buffer_pool.cpp: how a thread gets its buffer, and how the buffer comes back.
#include "harness/trace/buffer_pool.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

namespace harness::trace {

namespace detail {
constinit thread_local std::array<ThreadBuffer*, kMaxTraces> this_threads_buffers{};
}  // namespace detail

namespace {

using detail::this_threads_buffers;

// What a buffer that the thread takes from now on is called.
[[gnu::tls_model("initial-exec")]] constinit thread_local ThreadName this_threads_name{};

constexpr std::uint64_t kReadyEvents = 4096;  // 64 KiB: no page fault before that many events

// Gives the ending thread's buffers back. Not a thread_local object with a destructor: to register that, the
// C++ runtime allocates.
void leave(void*) noexcept {
  for (ThreadBuffer*& slot : this_threads_buffers) {
    ThreadBuffer* const buffer = std::exchange(slot, nullptr);
    if (buffer != nullptr) buffer->state.store(ThreadBuffer::left, std::memory_order_release);
  }
}

pthread_key_t leave_key;

// Makes it, whichever trace comes first.
bool have_leave_key() noexcept {
  static const bool made = pthread_key_create(&leave_key, leave) == 0;
  return made;
}

void* map_memory(std::size_t bytes) noexcept {
  void* memory =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  // A huge page would be cleared whole at its first event, which takes as long as thousands of events do.
  madvise(memory, bytes, MADV_NOHUGEPAGE);
  madvise(memory, bytes, MADV_DONTDUMP);
  return memory;
}

}  // namespace

void ThreadBuffer::make_ready() noexcept {
  if (count.load(std::memory_order_relaxed) != 0) return;
  std::fill_n(events, std::min(capacity, kReadyEvents), TickEvent{});
}

bool BufferPool::map(std::size_t trace, std::size_t threads, std::size_t events_per_thread) noexcept {
  const std::size_t event_bytes = threads * events_per_thread * sizeof(TickEvent);
  const std::size_t header_bytes = threads * sizeof(ThreadBuffer);
  auto* memory = static_cast<std::byte*>(map_memory(header_bytes + event_bytes));
  if (memory == nullptr) return false;
  if (!have_leave_key()) {
    munmap(memory, header_bytes + event_bytes);
    return false;
  }
  auto* buffers = reinterpret_cast<ThreadBuffer*>(memory);
  auto* events = reinterpret_cast<TickEvent*>(memory + header_bytes);
  for (std::size_t i = 0; i < threads; ++i) {
    ThreadBuffer* buffer = std::construct_at(buffers + i);
    buffer->events = events + i * events_per_thread;
    buffer->capacity = events_per_thread;
  }
  trace_ = trace;
  size_ = threads;
  buffers_ = buffers;
  return true;
}

ThreadBuffer* BufferPool::end() const {
  return buffers_ + std::min(size_, taken_.load(std::memory_order_acquire));
}

// First those that are left: their pages are mapped, and each other one is more memory.
ThreadBuffer* BufferPool::find(std::uint32_t epoch) noexcept {
  // What was recorded in `epoch` is yet to be collected; 0 is a buffer that nothing was recorded in.
  const auto needed = [&](const ThreadBuffer& buffer) {
    const std::uint32_t recorded_in = buffer.epoch.load(std::memory_order_relaxed);
    return recorded_in != 0 && recorded_in == epoch;
  };
  for (ThreadBuffer* buffer = begin(); buffer != end(); ++buffer) {
    std::uint32_t expected = ThreadBuffer::left;
    if (needed(*buffer) || !buffer->state.compare_exchange_strong(expected, ThreadBuffer::owned)) continue;
    if (!needed(*buffer)) return buffer;
    buffer->state.store(ThreadBuffer::left,
                        std::memory_order_release);  // another thread has had it meanwhile
  }
  // The test first: threads that find none must not make the number overflow.
  if (taken_.load(std::memory_order_relaxed) >= size_) return nullptr;
  const std::size_t at = taken_.fetch_add(1, std::memory_order_acq_rel);
  return at < size_ ? buffers_ + at : nullptr;
}

ThreadBuffer* BufferPool::claim(std::uint32_t epoch) noexcept {
  const int saved_errno = errno;  // the functions that are hooked do not change errno
  ThreadBuffer* const buffer = find(epoch);
  if (buffer != nullptr) {
    buffer->os_id = syscall(SYS_gettid);
    buffer->name = this_threads_name;
    this_threads_buffers[trace_] = buffer;
    pthread_setspecific(leave_key, &this_threads_buffers);
  }
  errno = saved_errno;
  return buffer;
}

void set_name_of_this_thread(const ThreadName& name) noexcept {
  this_threads_name = name;
  for (ThreadBuffer* buffer : this_threads_buffers) {
    if (buffer != nullptr) buffer->name = name;
  }
}

}  // namespace harness::trace
