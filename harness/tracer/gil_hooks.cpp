// harness/tracer/gil_hooks.cpp: what the traced program's threads note of their GIL. gil_trace/interposer.cpp
// says what is called when, and why the times are right.
//
// Which condition variables are a GIL's is learned from the first call: CPython signals condition variables
// for its GILs only (Python/ceval_gil.c; its locks are semaphores), and a thread's first call is that it has
// acquired one. The two of one GIL are members of one structure, with its mutex in between.
#include <pthread.h>

#include <algorithm>
#include <cstring>

#include "harness/gil_trace/event.h"
#include "harness/gil_trace/hook.h"
#include "harness/lock_trace/watched_code.h"
#include "harness/tracer/hooks.h"

namespace harness::gil_trace::detail {
namespace {

using tracer::GilState;
using tracer::GilTotals;
using tracer::memory;
using tracer::ThreadSlot;
using tracer::Ticks;

/// From gil->cond to gil->switch_cond (struct _gil_runtime_state, Include/internal/pycore_gil.h).
constexpr std::size_t kBetween = sizeof(pthread_cond_t) + sizeof(pthread_mutex_t);

struct Match {
  std::uint32_t index = 0;  ///< + 1; 0: it is no GIL's
  bool is_switch_cond = false;
};

Match find(const void* condition) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(condition);
  const std::uint32_t taken = memory->gils_taken.load(std::memory_order_acquire);
  for (std::uint32_t i = 0; i < taken; ++i) {
    const auto cond = reinterpret_cast<std::uintptr_t>(memory->gils[i].cond.load(std::memory_order_acquire));
    if (cond == address) return {i + 1, false};
    if (cond != 0 && cond + kBetween == address) return {i + 1, true};
  }
  return {};
}

/// Adds the GIL whose switch_cond that is. While another thread adds one, waits.
[[gnu::noinline, gnu::cold]] Match learn(const void* switch_cond) noexcept {
  while (memory->learning.exchange(1, std::memory_order_acquire) != 0) {
  }
  Match match = find(switch_cond);
  // What is known of a GIL that has ended is kept while there is room for others.
  const std::uint32_t taken = memory->gils_taken.load(std::memory_order_relaxed);
  const std::uint32_t first = taken < tracer::kMostGils ? taken : 0;
  for (std::uint32_t i = first; i < tracer::kMostGils && match.index == 0; ++i) {
    GilState& gil = memory->gils[i];
    if (gil.cond.load(std::memory_order_relaxed) != nullptr) continue;
    std::memset(static_cast<void*>(&gil), 0, sizeof gil);
    gil.number = memory->gils_ever.fetch_add(1) + 1;
    gil.cond.store(static_cast<const char*>(switch_cond) - kBetween, std::memory_order_release);
    if (taken <= i) memory->gils_taken.store(i + 1, std::memory_order_release);
    match = {i + 1, true};
  }
  if (match.index == 0) memory->gils_lost.fetch_add(1);
  memory->learning.store(0, std::memory_order_release);
  return match;
}

GilTotals& totals_of(ThreadSlot& own, const GilState& gil) noexcept {
  for (GilTotals& totals : own.gils) {
    if (totals.gil == gil.number) return totals;
    if (totals.gil == 0) {
      totals.gil = gil.number;
      return totals;
    }
  }
  own.gils.back().gil = tracer::kSeveralGils;
  return own.gils.back();
}

void note_wait(ThreadSlot& own, GilState& gil, GilTotals& totals, Ticks now) noexcept {
  const Ticks length = now - own.wait_began;
  own.waiting_gil = 0;
  --gil.waiters;
  ++totals.waits;
  totals.waited += length;
  totals.longest_wait = std::max(totals.longest_wait, length);
  own.waits.add(length);
  // The shortest of the longest gives way.
  tracer::LongWait* shortest = own.longest_waits.data();
  for (tracer::LongWait& wait : own.longest_waits) {
    if (wait.length < shortest->length) shortest = &wait;
  }
  if (length > shortest->length) *shortest = {length, own.wait_began, own.holder_at_wait};
}

void on_acquire(std::uint32_t index) noexcept {
  const trace::TicksAndCpu now = trace::now_ticks_and_cpu();
  ThreadSlot* const own = tracer::slot(now.ticks);
  if (own == nullptr) return;
  GilState& gil = memory->gils[index - 1];
  GilTotals& totals = totals_of(*own, gil);
  ++totals.acquires;
  const bool waited = own->waiting_gil == index;
  if (waited) note_wait(*own, gil, totals, now.ticks);
  if (gil.holder.load(std::memory_order_relaxed) != 0) ++gil.contradictions;
  if (gil.last_holder != own->number && gil.last_holder != 0) ++gil.switches;
  if (waited && gil.released_at != 0) {
    ++gil.handoffs;
    gil.handed_off += now.ticks - gil.released_at;
  }
  gil.last_holder = own->number;
  gil.acquired_at.store(now.ticks, std::memory_order_relaxed);
  gil.asked_at.store(0, std::memory_order_relaxed);
  gil.wanted_at = gil.waiters > 0 ? now.ticks : 0;
  gil.hold.store(gil.hold.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  gil.holder.store(own->os_id.load(std::memory_order_relaxed), std::memory_order_release);
  own->held_gil = index;
  tracer::keep(*own, now, gil.number, static_cast<std::uint16_t>(EventKind::acquire));
}

void note_long_hold(const ThreadSlot& own, const GilState& gil, std::uint32_t index, Ticks now) noexcept {
  const std::uint64_t hold = gil.hold.load(std::memory_order_relaxed);
  tracer::LongHold ended{
      .gil = index - 1, .thread = own.number, .hold = hold, .length = now - gil.wanted_at, .samples = {}};
  if (own.sampled_hold.load(std::memory_order_relaxed) == hold) {
    for (std::size_t i = 0; i < ended.samples.size(); ++i) {
      ended.samples[i] = own.samples[i].load(std::memory_order_relaxed);
    }
  }
  memory->long_holds.add(ended);
}

void on_release(std::uint32_t index) noexcept {
  const trace::TicksAndCpu now = trace::now_ticks_and_cpu();
  ThreadSlot* const own = tracer::slot(now.ticks);
  if (own == nullptr) return;
  GilState& gil = memory->gils[index - 1];
  GilTotals& totals = totals_of(*own, gil);
  if (gil.holder.load(std::memory_order_relaxed) != own->os_id.load(std::memory_order_relaxed)) {
    // A free-threaded build has turned its GIL off: who had waited for it goes on without.
    if (own->waiting_gil == index) {
      note_wait(*own, gil, totals, now.ticks);
    } else {
      ++gil.contradictions;
    }
    return;
  }
  const Ticks acquired_at = gil.acquired_at.load(std::memory_order_relaxed);
  const Ticks length = now.ticks - acquired_at;
  ++totals.releases;
  totals.held += length;
  totals.longest_hold = std::max(totals.longest_hold, length);
  own->holds.add(length);
  const Ticks asked_at = gil.asked_at.load(std::memory_order_relaxed);
  if (asked_at != 0 && now.ticks - asked_at > memory->settings.long_hold) [[unlikely]] {
    note_long_hold(*own, gil, index, now.ticks);
  }
  gil.released_at = now.ticks;
  gil.holder.store(0, std::memory_order_release);
  own->held_gil = 0;
  tracer::keep(*own, now, gil.number, static_cast<std::uint16_t>(EventKind::release));
}

void on_wait_for_gil(std::uint32_t index) noexcept {
  const trace::TicksAndCpu now = trace::now_ticks_and_cpu();
  ThreadSlot* const own = tracer::slot(now.ticks);
  // take_gil() calls again after each timeout and each wake-up that came too late: that is the same wait.
  if (own == nullptr || own->waiting_gil == index) return;
  GilState& gil = memory->gils[index - 1];
  own->waiting_gil = index;
  own->wait_began = now.ticks;
  own->holder_at_wait = gil.last_holder;
  ++gil.waiters;
  if (gil.wanted_at == 0) gil.wanted_at = now.ticks;
  tracer::keep(*own, now, gil.number, static_cast<std::uint16_t>(EventKind::wait));
}

/// After a release that was asked for, until another thread has acquired. When that was only a timeline asks.
void on_yield(std::uint32_t index, EventKind kind) noexcept {
  const trace::TicksAndCpu now = tracer::keeps_events()
                                     ? trace::now_ticks_and_cpu()
                                     : trace::TicksAndCpu{.ticks = 0, .cpu = trace::kUnknownCpu};
  ThreadSlot* const own = tracer::this_slot;  // it has released
  if (own == nullptr) return;
  const GilState& gil = memory->gils[index - 1];
  if (kind == EventKind::yield) ++totals_of(*own, gil).forced_switches;
  tracer::keep(*own, now, gil.number, static_cast<std::uint16_t>(kind));
}

void on_timeout(std::uint32_t index) noexcept {
  const trace::TicksAndCpu now = trace::now_ticks_and_cpu();
  ThreadSlot* const own = tracer::slot(now.ticks);
  if (own == nullptr) return;
  GilState& gil = memory->gils[index - 1];
  ++totals_of(*own, gil).timeouts;
  tracer::keep(*own, now, gil.number, static_cast<std::uint16_t>(EventKind::timeout));
  if (gil.holder.load(std::memory_order_relaxed) == 0) return;
  if (gil.asked_at.load(std::memory_order_relaxed) == 0) {
    gil.asked_at.store(now.ticks, std::memory_order_release);
    tracer::alert_watcher();
  }
}

}  // namespace

void on_signal(const void* condition, const void* caller) noexcept {
  if (memory == nullptr) return;
  Match match = find(condition);
  if (match.index == 0) {
    if (!lock_trace::detail::watched_ranges.code.has(reinterpret_cast<std::uintptr_t>(caller))) return;
    match = learn(condition);
    if (match.index == 0) return;
  }
  if (match.is_switch_cond) {
    on_acquire(match.index);
  } else {
    on_release(match.index);
  }
}

void on_wait(const void* condition) noexcept {
  const Match match = memory == nullptr ? Match{} : find(condition);
  if (match.index == 0) return;
  if (match.is_switch_cond) {
    on_yield(match.index, EventKind::yield);
  } else {
    on_wait_for_gil(match.index);
  }
}

void on_wait_end(const void* condition, bool timed_out) noexcept {
  if (memory == nullptr || (!timed_out && !tracer::keeps_events())) return;
  const Match match = find(condition);
  if (match.index == 0) return;
  if (match.is_switch_cond) {
    on_yield(match.index, EventKind::yield_end);
  } else if (timed_out) {
    on_timeout(match.index);
  }
}

}  // namespace harness::gil_trace::detail

namespace harness::tracer {

void forget_condition(const void* condition) noexcept {
  const std::uint32_t taken = memory->gils_taken.load(std::memory_order_acquire);
  for (std::uint32_t i = 0; i < taken; ++i) {
    const void* expected = condition;
    memory->gils[i].cond.compare_exchange_strong(expected, nullptr);
  }
}

}  // namespace harness::tracer
