// harness/tracer/slots.cpp: each thread's slot, and what all hooks share.
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>

#include "harness/tracer/hooks.h"

namespace harness::tracer {

constinit thread_local ThreadSlot* this_slot = nullptr;

namespace {

pthread_key_t leave_key;

void leave(void* own) noexcept {
  auto* const slot = static_cast<ThreadSlot*>(own);
  if (slot != this_slot) return;  // a forked child's
  slot->ended_at = trace::now_ticks();
  this_slot = nullptr;
  slot->state.store(ThreadSlot::ended, std::memory_order_release);
}

void take_ring(ThreadSlot& own) noexcept {
  for (std::uint32_t ring = 0; ring < memory->settings.rings; ++ring) {
    std::uint32_t nobody = 0;
    if (!memory->ring_owners[ring].compare_exchange_strong(nobody, own.number)) continue;
    own.ring_count = 0;
    own.ring = ring + 1;
    return;
  }
}

/// A slot that nobody has.
ThreadSlot* take_free() noexcept {
  for (std::uint32_t i = 0; i < kMostThreads; ++i) {
    ThreadSlot& slot = memory->threads[i];
    std::uint32_t free = ThreadSlot::free;
    if (slot.state.load(std::memory_order_relaxed) != free) continue;
    if (!slot.state.compare_exchange_strong(free, ThreadSlot::live, std::memory_order_acq_rel)) continue;
    std::uint32_t known = memory->threads_live_or_ended.load();
    while (known <= i && !memory->threads_live_or_ended.compare_exchange_weak(known, i + 1)) {
    }
    if (i > kMostThreads / 2) alert_watcher();  // there are better uses of those that have ended
    return &slot;
  }
  return nullptr;
}

/// That of a thread that has ended, whose sums stay in it.
ThreadSlot* take_over() noexcept {
  for (ThreadSlot& slot : memory->threads) {
    std::uint32_t ended = ThreadSlot::ended;
    if (slot.state.load(std::memory_order_relaxed) != ended) continue;
    if (!slot.state.compare_exchange_strong(ended, ThreadSlot::live, std::memory_order_acq_rel)) continue;
    ++slot.threads_before;
    slot.alive_before += slot.ended_at - slot.began;
    slot.ended_at = 0;
    slot.name = {};
    slot.ring_lost += slot.ring_count;
    slot.ring_count = 0;
    return &slot;
  }
  return nullptr;
}

}  // namespace

bool make_slots_ready() noexcept {
  return pthread_key_create(&leave_key, leave) == 0;
}

void forget_slot() noexcept {
  this_slot = nullptr;
}

ThreadSlot* claim_slot(Ticks now) noexcept {
  const int saved_errno = errno;  // the functions that are hooked do not change errno
  ThreadSlot* found = take_free();
  if (found == nullptr) found = take_over();
  if (found == nullptr) {
    memory->events_lost.fetch_add(1, std::memory_order_relaxed);
  } else {
    found->number = memory->threads_ever.fetch_add(1) + 1;
    found->began = now;
    found->os_id.store(static_cast<pid_t>(syscall(SYS_gettid)), std::memory_order_relaxed);
    if (keeps_events() && found->ring == 0) take_ring(*found);
    this_slot = found;
    pthread_setspecific(leave_key, found);
  }
  errno = saved_errno;
  return found;
}

void keep_in_ring(ThreadSlot& own, trace::TicksAndCpu now, std::uint32_t object,
                  std::uint16_t kind) noexcept {
  trace::TickEvent* const ring = memory->ring(own.ring - 1);
  ring[own.ring_count & (memory->settings.ring_events - 1)] = {now.ticks, object, kind, now.cpu};
  ++own.ring_count;
}

void alert_watcher() noexcept {
  if (memory->watcher_sleeps.load(std::memory_order_relaxed) == 0) return;
  if (memory->watcher_sleeps.exchange(0) == 0) return;
  const int saved_errno = errno;
  memory->alert.fetch_add(1);
  syscall(SYS_futex, &memory->alert, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
  errno = saved_errno;
}

StackNumber number_of(const lock_trace::Frames& frames) noexcept {
  const StackNumber number = memory->stacks.number_of(frames);
  // Where a function is in memory can be asked only while the program is there.
  std::atomic<std::uint8_t>* const seen = number == 0 ? nullptr : &memory->stacks_seen[number - 1];
  if (seen != nullptr && seen->load(std::memory_order_relaxed) == 0 && seen->exchange(1) == 0)
    alert_watcher();
  return number;
}

}  // namespace harness::tracer
