// harness/trace/buffer_pool.h: the threads' event buffers of one trace, all in memory that is mapped once.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "harness/trace/clock.h"

namespace harness::trace {

/// An event as it is recorded: its time is not converted yet. What `object` and `kind` mean is the trace's.
struct TickEvent {
  std::uint64_t ticks;
  std::uint32_t object;
  std::uint16_t kind;
  CpuNumber cpu;  ///< that the thread was on, or kUnknownCpu
};
static_assert(sizeof(TickEvent) == 16);

/// The name of a thread, cut to what fits; all zeros where it has none.
using ThreadName = std::array<char, 32>;

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
  std::uint32_t note = 0;  ///< what the trace's hook remembers of the thread; 0 where a recording begins
  std::int64_t wait_begin_cpu_ns = 0;        ///< the thread's CPU clock at the wait that is under way
  std::atomic<std::int64_t> wait_cpu_ns{0};  ///< CPU time within the waits that have ended
  std::int64_t os_id = 0;
  ThreadName name{};

  /// Makes the buffer one of recording `now`.
  void enter_epoch(std::uint32_t now) noexcept {
    note = 0;
    wait_cpu_ns.store(0, std::memory_order_relaxed);
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

  /// Has the pages of its first events mapped, if nothing is in it. By its owner.
  void make_ready() noexcept;
};

/// How many traces a process may have.
inline constexpr std::size_t kMaxTraces = 8;

namespace detail {
/// The calling thread's buffer in each trace, or null. initial-exec: an access is one instruction, and never
/// the allocation that a library's thread-local storage may be made by.
[[gnu::tls_model("initial-exec")]] extern constinit thread_local std::array<ThreadBuffer*, kMaxTraces>
    this_threads_buffers;
}  // namespace detail

/// All buffers of one trace. Such objects are globals, because the callers of a hook have no argument for
/// them.
class BufferPool {
 public:
  /// Once; false if the system does not give the memory. `trace` < kMaxTraces is this pool's alone.
  bool map(std::size_t trace, std::size_t threads, std::size_t events_per_thread) noexcept;
  bool is_mapped() const { return buffers_ != nullptr; }
  std::size_t trace() const { return trace_; }

  /// The calling thread's buffer, if it has one.
  ThreadBuffer* of_this_thread() const noexcept { return detail::this_threads_buffers[trace_]; }

  /// The calling thread's buffer, taken from the pool if it has none. Null if all are taken by threads that
  /// live, or have written in recording `epoch`, the latest. The buffer goes back when the thread ends.
  ThreadBuffer* of_this_thread(std::uint32_t epoch) noexcept {
    ThreadBuffer* const buffer = of_this_thread();
    return buffer != nullptr ? buffer : claim(epoch);
  }

  /// Buffers that were ever taken: [begin, end).
  ThreadBuffer* begin() const { return buffers_; }
  ThreadBuffer* end() const;

 private:
  ThreadBuffer* find(std::uint32_t epoch) noexcept;
  ThreadBuffer* claim(std::uint32_t epoch) noexcept;

  std::size_t trace_ = 0;
  ThreadBuffer* buffers_ = nullptr;
  std::size_t size_ = 0;
  std::atomic<std::size_t> taken_{0};
};

/// Calls the calling thread so (31 bytes of it) in all recordings from now on.
void set_name_of_this_thread(const ThreadName& name) noexcept;

}  // namespace harness::trace
