// harness/tracer/lock_hooks.cpp: what the traced program's threads note of their waits for CPython's locks.
// lock_trace/interposer.cpp says what is called when.
#include "harness/lock_trace/event.h"
#include "harness/lock_trace/hook.h"
#include "harness/tracer/hooks.h"

namespace harness::lock_trace::detail {

constinit thread_local int self_test_calls = 0;

namespace {

using tracer::memory;
using tracer::SiteTotals;
using tracer::ThreadSlot;
using tracer::Ticks;

// As in lock_trace/recorder.cpp: between two yields of one wait CPython looks at the lock and no more.
constexpr double kSameBurst_ns = 100;

StackNumber stack_number(Call call) noexcept {
  Frames frames;
  memory->walker.walk(call.address, call.stack, frames);
  return tracer::number_of(frames);
}

SiteTotals& totals_of(ThreadSlot& own, StackNumber stack) noexcept {
  for (SiteTotals& site : own.sites) {
    if (site.stack == stack) return site;
    if (site.stack == 0 && site.parks == 0 && site.yields == 0) {
      site.stack = stack;
      return site;
    }
  }
  own.sites.back().stack = 0;  // several are in it
  return own.sites.back();
}

void keep(ThreadSlot& own, trace::TicksAndCpu now, std::uint32_t value, EventKind kind) noexcept {
  tracer::keep(own, now, value, static_cast<std::uint16_t>(tracer::kLockKinds + static_cast<int>(kind)));
}

/// Whether the stack is one on which the world is stopped, started, or waited for.
bool is_of_world(StackNumber stack) noexcept {
  if (stack == 0 || memory->settings.world_ranges == 0) return false;
  std::atomic<std::uint8_t>& known = memory->stacks_of_world[stack - 1];
  constexpr std::uint8_t kUnknown = 0;
  constexpr std::uint8_t kIs = 1;
  constexpr std::uint8_t kIsNot = 2;
  std::uint8_t is = known.load(std::memory_order_relaxed);
  if (is == kUnknown) {
    is = kIsNot;
    const std::span ranges(memory->settings.world.data(), memory->settings.world_ranges);
    memory->stacks.for_each_address(stack, [&](std::uintptr_t address) {
      const std::uint64_t in_file = address - 1 - memory->code_base;
      for (const tracer::FileRange& range : ranges) {
        if (in_file - range.begin < range.end - range.begin) is = kIs;
      }
    });
    known.store(is, std::memory_order_relaxed);
  }
  return is == kIs;
}

void log_if_of_world(const ThreadSlot& own, trace::TicksAndCpu now, StackNumber stack, std::uint32_t value,
                     EventKind kind) noexcept {
  if (!is_of_world(stack)) return;
  memory->world.add({.ticks = now.ticks,
                     .thread = own.number,
                     .value = value,
                     .kind = static_cast<std::uint16_t>(kind),
                     .cpu = now.cpu});
}

/// The calling thread's slot, whose last burst of yields is over.
ThreadSlot* slot(trace::TicksAndCpu now) noexcept {
  ThreadSlot* const own = memory == nullptr ? nullptr : tracer::slot(now.ticks);
  if (own != nullptr) tracer::end_burst(*own);
  return own;
}

std::uint32_t note_of(std::uintptr_t address) {
  return static_cast<std::uint32_t>(address) | 1;
}

}  // namespace

void on_yield(Call call, trace::TicksAndCpu began) noexcept {
  const trace::TicksAndCpu ended = trace::now_ticks_and_cpu();
  ThreadSlot* const own = memory == nullptr ? nullptr : tracer::slot(began.ticks);
  if (own == nullptr) return;
  const auto same_burst = static_cast<Ticks>(kSameBurst_ns * memory->settings.ticks_per_ns);
  const bool goes_on =
      own->burst_caller == note_of(call.address) && began.ticks - own->burst_ended < same_burst;
  if (!goes_on) {
    tracer::end_burst(*own);
    own->burst_at = stack_number(call);
    own->burst_began = began.ticks;
    own->burst_yields = 0;
    own->burst_caller = note_of(call.address);
    keep(*own, began, own->burst_at, EventKind::spin);
  }
  own->burst_ended = ended.ticks;
  own->burst_cpu = ended.cpu;
  ++own->burst_yields;
}

void on_wait_at_once() noexcept {
  slot(trace::now_ticks_and_cpu());
}

std::int64_t on_park(Call call) noexcept {
  const trace::TicksAndCpu now = trace::now_ticks_and_cpu();
  ThreadSlot* const own = slot(now);
  if (own == nullptr) return 0;
  own->parked_at = stack_number(call);
  own->park_began = now.ticks;
  keep(*own, now, own->parked_at, EventKind::park);
  log_if_of_world(*own, now, own->parked_at, own->parked_at, EventKind::park);
  return 0;
}

void on_park_end(EventKind how, std::int64_t /*cpu_before_ns*/) noexcept {
  const trace::TicksAndCpu now = trace::now_ticks_and_cpu();
  ThreadSlot* const own = slot(now);
  if (own == nullptr || own->park_began == 0) return;
  const Ticks length = now.ticks - own->park_began;
  SiteTotals& site = totals_of(*own, own->parked_at);
  // Each round of a wait that a signal cuts short, or its own timeout, is counted for itself.
  ++site.parks;
  site.parked += length;
  site.longest_park = std::max(site.longest_park, length);
  own->park_began = 0;
  keep(*own, now, 0, how);
  log_if_of_world(*own, now, own->parked_at, 0, how);
}

void on_post(Call call) noexcept {
  if (memory == nullptr || watched_ranges.release.has(call.address)) return;
  // Who is woken is of use to a timeline, and where the world is stopped.
  if (!tracer::keeps_events() && memory->settings.world_ranges == 0) return;
  const trace::TicksAndCpu now = trace::now_ticks_and_cpu();
  ThreadSlot* const own = slot(now);
  if (own == nullptr) return;
  const StackNumber stack = stack_number(call);
  keep(*own, now, stack, EventKind::wake);
  log_if_of_world(*own, now, stack, stack, EventKind::wake);
}

}  // namespace harness::lock_trace::detail

namespace harness::tracer {

void end_burst(ThreadSlot& own) noexcept {
  using lock_trace::detail::totals_of;
  if (own.burst_caller == 0) return;
  own.burst_caller = 0;
  SiteTotals& site = totals_of(own, own.burst_at);
  const Ticks length = own.burst_ended - own.burst_began;
  site.yields += own.burst_yields;
  site.spinning += length;
  keep(own, {own.burst_ended, own.burst_cpu}, static_cast<std::uint32_t>(own.burst_yields),
       static_cast<std::uint16_t>(kLockKinds + static_cast<int>(lock_trace::EventKind::spin_end)));
}

}  // namespace harness::tracer
