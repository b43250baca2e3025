// harness/gil_trace/buffer_pool.h: the threads' event buffers, all in memory that is mapped once.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "harness/gil_trace/event.h"

namespace harness::gil_trace::detail {

/// An event as it is recorded: its time is not converted yet.
struct TickEvent {
  std::uint64_t ticks;
  GilId gil;
  EventKind kind;
};
static_assert(sizeof(TickEvent) == 16);

/// The buffer of one thread. Only its owner writes, so an append is two stores. Aligned to two cache lines,
/// since processors fetch them in pairs.
///
/// It belongs to the recording whose number is `epoch`: the owner empties it when it first writes in another
/// one. So nobody ever empties a buffer that somebody else may be writing to.
struct alignas(128) ThreadBuffer {
  enum State : std::uint32_t { owned, left };

  std::atomic<std::uint32_t> state{owned};  ///< `left`: its thread has ended
  std::atomic<std::uint32_t> epoch{0};
  std::atomic<std::uint64_t> count{0};  ///< events [0, count) may be read by anyone
  std::atomic<std::uint64_t> dropped{0};
  TickEvent* events = nullptr;
  std::uint64_t capacity = 0;
  bool waiting = false;  ///< the last event recorded was a wait or a timeout
  std::int64_t os_id = 0;
  std::array<char, 32> name{};

  /// Makes the buffer one of recording `now`.
  void enter_epoch(std::uint32_t now) noexcept {
    waiting = false;
    dropped.store(0, std::memory_order_relaxed);
    count.store(0, std::memory_order_relaxed);
    epoch.store(now, std::memory_order_release);
  }

  void append(TickEvent event) noexcept {
    const std::uint64_t at = count.load(std::memory_order_relaxed);
    if (at == capacity) {
      dropped.store(dropped.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
      return;
    }
    events[at] = event;
    count.store(at + 1, std::memory_order_release);
  }
};

/// All buffers of the process. A global because CPython calls the hook.
class BufferPool {
 public:
  /// Once; false if the system does not give the memory.
  bool map(std::size_t threads, std::size_t events_per_thread) noexcept;
  bool is_mapped() const { return buffers_ != nullptr; }

  /// The calling thread's buffer, taken from the pool if it has none. Null if all are taken by threads that
  /// live, or have written in recording `epoch`, the latest. The buffer goes back when the thread ends.
  ThreadBuffer* of_this_thread(std::uint32_t epoch) noexcept;

  /// Buffers that were ever taken: [begin, end).
  ThreadBuffer* begin() const { return buffers_; }
  ThreadBuffer* end() const;

 private:
  ThreadBuffer* claim(std::uint32_t epoch) noexcept;

  ThreadBuffer* buffers_ = nullptr;
  std::size_t size_ = 0;
  std::atomic<std::size_t> taken_{0};
};

}  // namespace harness::gil_trace::detail
