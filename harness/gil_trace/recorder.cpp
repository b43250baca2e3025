// harness/gil_trace/recorder.cpp: the recording path, and the switch that turns it on.
#include "harness/gil_trace/recorder.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "harness/error.h"
#include "harness/gil_trace/buffer_pool.h"
#include "harness/gil_trace/gil_table.h"
#include "harness/gil_trace/hook.h"

namespace harness::gil_trace {
namespace detail {
namespace {

constinit BufferPool pool;

// The capture that is under way, seen by its own thread only.
[[gnu::tls_model("initial-exec")]] constinit thread_local SignalCapture* this_threads_capture = nullptr;

// Threads that found no buffer share these: what is lost is only to be counted.
constinit std::atomic<std::uint64_t> threads_without_buffer{0};
constinit std::atomic<std::uint64_t> events_without_buffer{0};
[[gnu::tls_model("initial-exec")]] constinit thread_local std::uint32_t counted_without_buffer_in = 0;

// This recording's number, or 0.
std::uint32_t recording_epoch() noexcept {
  return mode.load(std::memory_order_relaxed) >> kEpochShift;
}

void count_lost(std::uint32_t epoch) noexcept {
  events_without_buffer.fetch_add(1, std::memory_order_relaxed);
  if (counted_without_buffer_in == epoch) return;
  counted_without_buffer_in = epoch;
  threads_without_buffer.fetch_add(1, std::memory_order_relaxed);
}

// The calling thread's buffer, of recording `epoch`.
ThreadBuffer* buffer_in(std::uint32_t epoch) noexcept {
  ThreadBuffer* buffer = pool.of_this_thread(epoch);
  if (buffer == nullptr) [[unlikely]] {
    count_lost(epoch);
  } else if (buffer->epoch.load(std::memory_order_relaxed) != epoch) [[unlikely]] {
    buffer->enter_epoch(epoch);
  }
  return buffer;
}

}  // namespace

SignalCapture::SignalCapture() noexcept {
  this_threads_capture = this;
  mode.fetch_or(kLearning);
}

SignalCapture::~SignalCapture() {
  mode.fetch_and(~kLearning);
  this_threads_capture = nullptr;
}

void on_signal(const void* condition) noexcept {
  if (this_threads_capture != nullptr) [[unlikely]]
    this_threads_capture->add(condition);
  const std::uint32_t epoch = recording_epoch();
  if (epoch == 0) return;
  const auto match = find_gil(condition);
  if (!match) return;
  const std::uint64_t ticks = now_ticks();
  ThreadBuffer* buffer = buffer_in(epoch);
  if (buffer == nullptr) return;
  buffer->append({ticks, match->gil, match->is_switch_cond ? EventKind::acquire : EventKind::release});
  buffer->waiting = false;
}

void on_wait(const void* condition) noexcept {
  const std::uint32_t epoch = recording_epoch();
  const auto match = find_gil(condition);
  if (epoch == 0 || !match) return;
  const std::uint64_t ticks = now_ticks();
  ThreadBuffer* buffer = buffer_in(epoch);
  if (buffer == nullptr) return;
  // take_gil() calls again after each timeout and each wake-up that came too late: that is the same wait.
  if (!match->is_switch_cond && buffer->waiting) return;
  buffer->append({ticks, match->gil, match->is_switch_cond ? EventKind::yield : EventKind::wait});
  buffer->waiting = !match->is_switch_cond;
}

void on_wait_end(const void* condition, bool timed_out) noexcept {
  const std::uint32_t epoch = recording_epoch();
  const auto match = find_gil(condition);
  if (epoch == 0 || !match || (!match->is_switch_cond && !timed_out)) return;
  const std::uint64_t ticks = now_ticks();
  ThreadBuffer* buffer = buffer_in(epoch);
  if (buffer == nullptr) return;
  buffer->append({ticks, match->gil, match->is_switch_cond ? EventKind::yield_end : EventKind::timeout});
  buffer->waiting = !match->is_switch_cond;
}

}  // namespace detail

using namespace detail;

namespace {

// What belongs to the recording as a whole. Written by the controlling thread only.
struct Control {
  std::atomic<std::uint32_t> epoch{0};  ///< of the last recording
  ClockAnchor begin{};
  ClockAnchor end{};
};
constinit Control control;

constexpr std::uint64_t kReadyEvents = 4096;  // 64 KiB: no page fault before that many events

ThreadEvents copy_events(const ThreadBuffer& buffer, const TickConversion& conversion) {
  ThreadEvents thread{.os_id = buffer.os_id,
                      .name = buffer.name.data(),
                      .dropped = buffer.dropped.load(std::memory_order_relaxed),
                      .events = {}};
  if (thread.name.empty()) thread.name = "thread " + std::to_string(thread.os_id);
  const std::uint64_t count = buffer.count.load(std::memory_order_acquire);
  thread.events.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    const TickEvent& event = buffer.events[i];
    thread.events.push_back({conversion.to_ns(event.ticks), event.gil, event.kind});
  }
  return thread;
}

}  // namespace

void reserve_buffers(BufferSizes sizes) {
  constexpr std::size_t kFewestEvents = 4096;
  if (pool.is_mapped()) return;
  choose_tick_source();
  while (!pool.map(sizes.threads, sizes.events_per_thread)) {
    sizes.events_per_thread /= 2;
    if (sizes.events_per_thread < kFewestEvents) {
      throw UserError("no memory for the GIL trace: raise the limit (ulimit -v) or use --no-gil-trace");
    }
  }
}

void start_recording() {
  assert(pool.is_mapped() && recording_epoch() == 0);
  threads_without_buffer = 0;
  events_without_buffer = 0;
  ++control.epoch;
  control.begin = take_clock_anchor();
  mode.fetch_or(control.epoch << kEpochShift);
}

void stop_recording() {
  mode.fetch_and(kLearning);
  control.end = take_clock_anchor();
}

Recording collect_recording() {
  assert(recording_epoch() == 0);
  Recording recording{.begin_ns = control.begin.ns,
                      .end_ns = control.end.ns,
                      .threads = {},
                      .threads_without_buffer = threads_without_buffer,
                      .events_without_buffer = events_without_buffer};
  const TickConversion conversion(control.begin, control.end);
  for (const ThreadBuffer* buffer = pool.begin(); buffer != pool.end(); ++buffer) {
    const bool recorded = buffer->epoch.load(std::memory_order_acquire) == control.epoch;
    if (recorded) recording.threads.push_back(copy_events(*buffer, conversion));
  }
  return recording;
}

void name_this_thread(std::string_view name) {
  ThreadBuffer* buffer = pool.is_mapped() ? pool.of_this_thread(control.epoch) : nullptr;
  if (buffer == nullptr) return;
  buffer->name = {};
  std::copy_n(name.begin(), std::min(name.size(), buffer->name.size() - 1), buffer->name.begin());
  if (buffer->count.load(std::memory_order_relaxed) == 0) {
    std::fill_n(buffer->events, std::min(buffer->capacity, kReadyEvents), TickEvent{});
  }
}

}  // namespace harness::gil_trace
