// harness/gil_trace/hook.h: what the interposer tells the recorder. Of no use to anyone else.
//
// Every call of the five functions by anybody in the process comes by here, so all that is done while nothing
// is recorded is to ask whether the recorder is on, and all that is done for other condition variables is not
// to find them.
#pragma once

#include <cstdint>

#include "harness/trace/recorder.h"

namespace harness::gil_trace::detail {

/// On during a recording, and while some thread's signals are captured.
inline constinit trace::Recorder recorder;

/// pthread_cond_signal or pthread_cond_broadcast is about to run, which was called from that address.
void on_signal(const void* condition, const void* caller) noexcept;
/// One of the waiting functions is about to run; it holds the mutex that goes with the condition variable.
void on_wait(const void* condition) noexcept;
/// It has run, and the mutex is held again. `timed_out`: it returned ETIMEDOUT.
void on_wait_end(const void* condition, bool timed_out) noexcept;

/// The condition variables that the calling thread signals while this object lives, in order. One thread at a
/// time; what does not fit is not kept.
class SignalCapture {
 public:
  SignalCapture() noexcept;
  ~SignalCapture();
  SignalCapture(const SignalCapture&) = delete;
  SignalCapture& operator=(const SignalCapture&) = delete;

  void add(const void* condition) noexcept {
    if (count_ < kMax) conditions_[count_++] = condition;
  }
  const void* const* begin() const { return conditions_; }
  const void* const* end() const { return conditions_ + count_; }

 private:
  static constexpr std::uint32_t kMax = 64;
  const void* conditions_[kMax];
  std::uint32_t count_ = 0;
};

}  // namespace harness::gil_trace::detail
