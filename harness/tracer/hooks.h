// harness/tracer/hooks.h: the part of the tracer that is in the program: the preloaded library's own.
#pragma once

#include <sys/types.h>

#include "harness/tracer/trace_memory.h"

namespace harness::tracer {

/// Shared with the watcher; null while nothing is traced, and in forked children.
inline constinit TraceMemory* memory = nullptr;

/// The calling thread's slot, if it has one.
[[gnu::tls_model("initial-exec")]] extern constinit thread_local ThreadSlot* this_slot;

/// Takes one for the calling thread, whose first event is now. Null if all are taken by threads that live.
ThreadSlot* claim_slot(Ticks now) noexcept;

/// The calling thread's slot, taken if it has none.
inline ThreadSlot* slot(Ticks now) noexcept {
  ThreadSlot* const own = this_slot;
  return own != nullptr ? own : claim_slot(now);
}

/// Has all that the hooks need ready: once, before the program's threads.
bool make_slots_ready() noexcept;

/// The slot is nobody's in this process: it is a forked child.
void forget_slot() noexcept;

/// Whether there is to be a timeline.
inline bool keeps_events() noexcept {
  return memory->settings.ring_events != 0;
}

/// Keeps the event for it, in the thread's ring.
void keep_in_ring(ThreadSlot& own, trace::TicksAndCpu now, std::uint32_t object, std::uint16_t kind) noexcept;
inline void keep(ThreadSlot& own, trace::TicksAndCpu now, std::uint32_t object, std::uint16_t kind) noexcept {
  if (own.ring != 0) keep_in_ring(own, now, object, kind);
}

/// Adds the burst of yields that may go on to the thread's totals.
void end_burst(ThreadSlot& own) noexcept;

/// Wakes the watcher, if it sleeps.
void alert_watcher() noexcept;

/// The number of the calling thread's stack from that place on.
StackNumber number_of(const lock_trace::Frames& frames) noexcept;

/// Takes the signal by which the watcher has a thread look at its own stack.
void take_sample_signal() noexcept;

/// The condition variable is no GIL's any more: it was destroyed, or is made anew.
void forget_condition(const void* condition) noexcept;

}  // namespace harness::tracer
