// harness/trace/recorder.h: one trace's recording: switched on and off, written by all threads, given out.
//
// A hook records in the thread that calls it: each writes into a buffer of its own, taken from a pool when
// its first event comes, so threads that the host has never heard of are recorded too. It allocates nothing,
// takes no lock, prints nothing and writes to no cache line that another thread uses. An event that finds its
// buffer full, or no buffer, is counted as dropped.
#pragma once

#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "harness/trace/buffer_pool.h"
#include "harness/trace/clock.h"
#include "harness/trace/recording.h"

namespace harness::trace {

/// How much a recording holds. Only address space until it is used; then 16 bytes an event.
struct BufferSizes {
  std::size_t threads = 1536;  ///< the 1,024 of the largest team, and a script's own
  std::size_t events_per_thread = std::size_t{1} << 20;
};

/// A constinit global of its trace, because the callers of a hook have no argument for it.
class Recorder {
 public:
  constexpr Recorder() = default;
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // For the hook, in any thread.

  /// Whether the hook has anything to do: one load, which is all that it costs while it has not.
  bool is_on() const noexcept { return mode_.load(std::memory_order_relaxed) != 0; }

  /// The number of the recording that goes on, or 0.
  std::uint32_t recording() const noexcept { return mode_.load(std::memory_order_relaxed) >> kNumberShift; }

  /// Whether listen() has turned the hook on.
  bool is_listening() const noexcept { return (mode_.load(std::memory_order_relaxed) & kListening) != 0; }

  /// The calling thread's buffer, of that recording. Null if there is none: then an event is counted as
  /// dropped.
  ThreadBuffer* buffer_in(std::uint32_t recording) noexcept {
    ThreadBuffer* const buffer = pool_.of_this_thread();
    if (buffer == nullptr || buffer->epoch.load(std::memory_order_relaxed) != recording) [[unlikely]] {
      return first_buffer_in(recording);
    }
    return buffer;
  }

  /// Records in that recording an event that happens now. What buffer_in() returns.
  ThreadBuffer* record_in(std::uint32_t recording, std::uint32_t object, std::uint16_t kind) noexcept {
    ThreadBuffer* const buffer = pool_.of_this_thread();
    if (!one_read_is_enough() || buffer == nullptr ||
        buffer->epoch.load(std::memory_order_relaxed) != recording) [[unlikely]] {
      return record_slowly(recording, object, kind);
    }
    const TicksAndCpu now = detail::read_both();
    buffer->append({now.ticks, object, kind, now.cpu});
    return buffer;
  }

  /// Records an event that happens now, if anything is recorded.
  void record(std::uint32_t object, std::uint16_t kind) noexcept {
    if (const std::uint32_t number = recording(); number != 0) record_in(number, object, kind);
  }

  // For one thread at a time.

  /// Takes the address space, once a process; later calls change nothing. Where so much is not to be had
  /// (`ulimit -v`, strict overcommit) takes less: buffers shrink by halves. False if even 4,096 events a
  /// thread are too many.
  [[nodiscard]] bool reserve(BufferSizes sizes = {});

  /// Forgets the last recording and begins the next. Not while recording; after reserve().
  void start();

  /// Ends the recording: from now on the hook does nothing again.
  void stop();

  /// Takes the calling thread's buffer and has its first pages mapped. In any thread.
  void make_ready() noexcept;

  /// Turns the hook on for something else than a recording, or off again: is_on() says so.
  void listen(bool on) noexcept;

  /// What was recorded between the last start() and stop(), in no order of the threads; a copy, of whose
  /// events each is `make(time_ns, TickEvent)`. To be called before the next start().
  template <typename Event, typename Make>
  Recording<Event> collect(const Make& make) const;

 private:
  static constexpr std::uint32_t kListening = 1;
  static constexpr int kNumberShift = 1;

  // Out of line, so that the others need not make room for what these call.
  [[gnu::noinline, gnu::cold]] ThreadBuffer* first_buffer_in(std::uint32_t recording) noexcept;
  [[gnu::noinline, gnu::cold]] ThreadBuffer* record_slowly(std::uint32_t recording, std::uint32_t object,
                                                           std::uint16_t kind) noexcept;
  void count_lost(std::uint32_t recording) noexcept;

  // What every event reads, on cache lines that are hardly ever written.
  alignas(128) std::atomic<std::uint32_t> mode_{0};  ///< the recording's number << kNumberShift, kListening
  BufferPool pool_;

  // Threads that found no buffer share these: what is lost is only to be counted.
  alignas(128) std::atomic<std::uint64_t> threads_without_buffer_{0};
  std::atomic<std::uint64_t> events_without_buffer_{0};

  // What belongs to the recording as a whole. Written by the controlling thread only.
  alignas(128) std::atomic<std::uint32_t> last_{0};  ///< the last recording's number
  ClockAnchor begin_{};
  ClockAnchor end_{};
};

template <typename Event, typename Make>
Recording<Event> Recorder::collect(const Make& make) const {
  assert(recording() == 0);
  Recording<Event> all{.begin_ns = begin_.ns,
                       .end_ns = end_.ns,
                       .threads = {},
                       .threads_without_buffer = threads_without_buffer_,
                       .events_without_buffer = events_without_buffer_};
  const TickConversion conversion(begin_, end_);
  for (const ThreadBuffer* buffer = pool_.begin(); buffer != pool_.end(); ++buffer) {
    if (buffer->epoch.load(std::memory_order_acquire) != last_) continue;
    ThreadEvents<Event> thread{.os_id = buffer->os_id,
                               .name = buffer->name.data(),
                               .dropped = buffer->dropped.load(std::memory_order_relaxed),
                               .wait_cpu_ns = buffer->wait_cpu_ns.load(std::memory_order_relaxed),
                               .events = {}};
    if (thread.name.empty()) thread.name = "thread " + std::to_string(thread.os_id);
    const std::uint64_t count = buffer->count.load(std::memory_order_acquire);
    thread.events.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
      thread.events.push_back(make(conversion.to_ns(buffer->events[i].ticks), buffer->events[i]));
    }
    all.threads.push_back(std::move(thread));
  }
  return all;
}

/// Calls the calling thread `name` (31 bytes of it) in recordings of every trace, and makes its buffers
/// ready, so that its first event is as cheap as any other. By any thread, not while another is in
/// Recorder::reserve() or collect().
void name_this_thread(std::string_view name);

}  // namespace harness::trace
