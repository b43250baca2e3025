// harness/trace/recorder.cpp: the switch that turns recording on, and what becomes of a thread's name.
#include "harness/trace/recorder.h"

#include <algorithm>
#include <array>

namespace harness::trace {
namespace {

// Those that have reserved, for name_this_thread().
constinit std::array<Recorder*, kMaxTraces> recorders{};
constinit std::atomic<std::size_t> recorder_count{0};

// The recording in which this thread was counted as one without a buffer, of each trace.
[[gnu::tls_model("initial-exec")]] constinit thread_local std::array<std::uint32_t, kMaxTraces>
    counted_without_buffer_in{};

}  // namespace

ThreadBuffer* Recorder::first_buffer_in(std::uint32_t recording) noexcept {
  ThreadBuffer* const buffer = pool_.of_this_thread(recording);
  if (buffer == nullptr) {
    count_lost(recording);
  } else if (buffer->epoch.load(std::memory_order_relaxed) != recording) {
    buffer->enter_epoch(recording);
  }
  return buffer;
}

ThreadBuffer* Recorder::record_slowly(std::uint32_t recording, std::uint32_t object,
                                      std::uint16_t kind) noexcept {
  const TicksAndCpu now = now_ticks_and_cpu();
  ThreadBuffer* const buffer = buffer_in(recording);
  if (buffer != nullptr) buffer->append({now.ticks, object, kind, now.cpu});
  return buffer;
}

void Recorder::count_lost(std::uint32_t recording) noexcept {
  events_without_buffer_.fetch_add(1, std::memory_order_relaxed);
  std::uint32_t& counted_in = counted_without_buffer_in[pool_.trace()];
  if (counted_in == recording) return;
  counted_in = recording;
  threads_without_buffer_.fetch_add(1, std::memory_order_relaxed);
}

bool Recorder::reserve(BufferSizes sizes) {
  constexpr std::size_t kFewestEvents = 4096;
  if (pool_.is_mapped()) return true;
  const std::size_t trace = recorder_count;
  assert(trace < kMaxTraces);
  choose_tick_source();
  while (!pool_.map(trace, sizes.threads, sizes.events_per_thread)) {
    sizes.events_per_thread /= 2;
    if (sizes.events_per_thread < kFewestEvents) return false;
  }
  recorders[trace] = this;
  recorder_count = trace + 1;
  return true;
}

void Recorder::start() {
  assert(pool_.is_mapped() && recording() == 0);
  threads_without_buffer_ = 0;
  events_without_buffer_ = 0;
  ++last_;
  begin_ = take_clock_anchor();
  mode_.fetch_or(last_ << kNumberShift);
}

void Recorder::stop() {
  mode_.fetch_and(kListening);
  end_ = take_clock_anchor();
}

void Recorder::make_ready() noexcept {
  ThreadBuffer* const buffer = pool_.of_this_thread(last_);
  if (buffer != nullptr) buffer->make_ready();
}

void Recorder::listen(bool on) noexcept {
  if (on) {
    mode_.fetch_or(kListening);
  } else {
    mode_.fetch_and(~kListening);
  }
}

void name_this_thread(std::string_view name) {
  ThreadName cut{};
  std::copy_n(name.begin(), std::min(name.size(), cut.size() - 1), cut.begin());
  set_name_of_this_thread(cut);
  const std::size_t count = recorder_count;
  for (std::size_t i = 0; i < count; ++i) recorders[i]->make_ready();
}

}  // namespace harness::trace
