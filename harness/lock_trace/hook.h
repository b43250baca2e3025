// harness/lock_trace/hook.h: what the interposer tells the recorder. Of no use to anyone else.
//
// Every call of the functions by anybody in the process comes by here. While nothing is recorded all that is
// done is to ask whether the recorder is on; for a caller that is not CPython's code, to find that out.
#pragma once

#include <cstdint>

#include "harness/lock_trace/event.h"
#include "harness/lock_trace/watched_code.h"
#include "harness/trace/clock.h"
#include "harness/trace/recorder.h"

namespace harness::lock_trace::detail {

/// On during a recording, and while this program's own call is expected (hook_self_test()).
inline constinit trace::Recorder recorder;

/// Where a hooked function was called.
struct Call {
  std::uintptr_t address;  ///< its return address
  std::uintptr_t stack;    ///< the caller's stack pointer
};

/// Whether a call there is of interest.
inline bool is_watched(std::uintptr_t address) noexcept {
  return watched_ranges.code.has(address);
}

/// sched_yield() has run from then to now.
void on_yield(Call call, trace::TicksAndCpu began) noexcept;
/// A semaphore was waited for that had been posted.
void on_wait_at_once() noexcept;
/// The thread is about to wait. Returns the CPU time that it has used so far, in ns.
std::int64_t on_park(Call call) noexcept;
/// It has waited, and that ended so.
void on_park_end(EventKind how, std::int64_t cpu_before_ns) noexcept;
/// sem_post() is about to run.
void on_post(Call call) noexcept;

/// Counts the calling thread's calls while the recorder is on, for hook_self_test(), which begins it at 0.
[[gnu::tls_model("initial-exec")]] extern constinit thread_local int self_test_calls;

}  // namespace harness::lock_trace::detail
