// harness/gil_trace/recorder.cpp: what the hook makes of each call.
#include "harness/gil_trace/recorder.h"

#include "harness/error.h"
#include "harness/gil_trace/gil_table.h"
#include "harness/gil_trace/hook.h"
#include "harness/system/clock.h"

namespace harness::gil_trace {
namespace detail {
namespace {

using trace::ThreadBuffer;

// ThreadBuffer::note: the last event recorded was a wait or a timeout.
constexpr std::uint32_t kWaiting = 1;

// The capture that is under way, seen by its own thread only.
[[gnu::tls_model("initial-exec")]] constinit thread_local SignalCapture* this_threads_capture = nullptr;

void append(ThreadBuffer& buffer, trace::TicksAndCpu now, GilMatch match, EventKind kind) noexcept {
  buffer.append({now.ticks, match.gil(), static_cast<std::uint16_t>(kind), now.cpu});
  buffer.note = kind == EventKind::wait || kind == EventKind::timeout ? kWaiting : 0;
}

[[gnu::noinline]] void end_wait(ThreadBuffer& buffer) noexcept {
  const std::int64_t waits_ns = buffer.wait_cpu_ns.load(std::memory_order_relaxed);
  buffer.wait_cpu_ns.store(waits_ns + thread_cpu_ns() - buffer.wait_begin_cpu_ns, std::memory_order_relaxed);
}

[[gnu::noinline, gnu::cold]] void capture(const void* condition) noexcept {
  if (this_threads_capture != nullptr) this_threads_capture->add(condition);
}

}  // namespace

SignalCapture::SignalCapture() noexcept {
  this_threads_capture = this;
  recorder.listen(true);
}

SignalCapture::~SignalCapture() {
  recorder.listen(false);
  this_threads_capture = nullptr;
}

void on_signal(const void* condition, const void* /*caller*/) noexcept {
  if (recorder.is_listening()) [[unlikely]]
    capture(condition);
  const std::uint32_t recording = recorder.recording();
  const GilMatch match = find_gil(condition);
  if (recording == 0 || !match) return;
  const EventKind kind = match.is_switch_cond() ? EventKind::acquire : EventKind::release;
  ThreadBuffer* const buffer = recorder.record_in(recording, match.gil(), static_cast<std::uint16_t>(kind));
  if (buffer == nullptr) return;
  if (buffer->note == kWaiting) [[unlikely]]
    end_wait(*buffer);
  buffer->note = 0;
}

void on_wait(const void* condition) noexcept {
  const std::uint32_t recording = recorder.recording();
  const GilMatch match = find_gil(condition);
  if (recording == 0 || !match) return;
  const trace::TicksAndCpu now = trace::now_ticks_and_cpu();
  ThreadBuffer* const buffer = recorder.buffer_in(recording);
  if (buffer == nullptr) return;
  // take_gil() calls again after each timeout and each wake-up that came too late: that is the same wait.
  if (!match.is_switch_cond() && buffer->note == kWaiting) return;
  append(*buffer, now, match, match.is_switch_cond() ? EventKind::yield : EventKind::wait);
  if (!match.is_switch_cond()) buffer->wait_begin_cpu_ns = thread_cpu_ns();
}

void on_wait_end(const void* condition, bool timed_out) noexcept {
  const std::uint32_t recording = recorder.recording();
  const GilMatch match = find_gil(condition);
  if (recording == 0 || !match || (!match.is_switch_cond() && !timed_out)) return;
  const trace::TicksAndCpu now = trace::now_ticks_and_cpu();
  ThreadBuffer* const buffer = recorder.buffer_in(recording);
  if (buffer == nullptr) return;
  append(*buffer, now, match, match.is_switch_cond() ? EventKind::yield_end : EventKind::timeout);
}

}  // namespace detail

using detail::recorder;

void reserve_buffers(trace::BufferSizes sizes) {
  if (recorder.reserve(sizes)) return;
  throw UserError("no memory for the GIL trace: raise the limit (ulimit -v) or use --no-gil-trace");
}

void start_recording() {
  recorder.start();
}

void stop_recording() {
  recorder.stop();
}

Recording collect_recording() {
  return recorder.collect<Event>([](std::int64_t time_ns, const trace::TickEvent& event) {
    return Event{time_ns, static_cast<GilId>(event.object), static_cast<EventKind>(event.kind), event.cpu};
  });
}

}  // namespace harness::gil_trace
