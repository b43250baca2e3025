// harness/trace/clock.h: the cheapest clock that orders the events of all threads.
//
// Two events that one lock orders are recorded under that lock, so their times come out in the order in which
// they happened if (1) the clock is the same on every core and (2) reading it does not drift out of the
// critical section. CLOCK_MONOTONIC has both, but the CPU's own counter, which it is made of, is cheaper. So
// the counter is read where the kernel trusts it for CLOCK_MONOTONIC itself, which is what (1) asks for; and
// with a fence before it, for (2): a processor may otherwise read the counter before the lock is its own. It
// cannot be read after the unlock is seen by others: stores become visible in program order, after what
// stands before them has been executed.
#pragma once

#include <time.h>

#include <atomic>
#include <cstdint>
#include <string_view>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace harness::trace {

/// CLOCK_MONOTONIC: the time that events, iterations and regions are given in.
inline std::int64_t now_ns() noexcept {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

namespace detail {
/// Set once, by choose_tick_source(). A global because the callers of a hook have no argument for it.
inline constinit std::atomic<bool> ticks_are_cpu_counter{false};
}  // namespace detail

/// Time in ticks of the source that choose_tick_source() found; nanoseconds of CLOCK_MONOTONIC before that.
inline std::uint64_t now_ticks() noexcept {
  if (detail::ticks_are_cpu_counter.load(std::memory_order_relaxed)) {
#if defined(__x86_64__)
    _mm_lfence();
    return __rdtsc();
#elif defined(__aarch64__)
    std::uint64_t ticks;
    asm volatile("isb; mrs %0, cntvct_el0" : "=r"(ticks)::"memory");
    return ticks;
#endif
  }
  return static_cast<std::uint64_t>(now_ns());
}

/// Whether a CPU's counter can stand for CLOCK_MONOTONIC. `clocksource` is what the kernel makes
/// CLOCK_MONOTONIC of (/sys/devices/system/clocksource/clocksource0/current_clocksource), `cpuinfo` the text
/// of /proc/cpuinfo.
bool cpu_counter_is_trusted(std::string_view clocksource, std::string_view cpuinfo);

/// Decides for the CPU's counter if it is trusted, for CLOCK_MONOTONIC otherwise. Not during a recording.
void choose_tick_source();

/// The same instant on both clocks, to some 20 ns.
struct ClockAnchor {
  std::uint64_t ticks;
  std::int64_t ns;
};
ClockAnchor take_clock_anchor() noexcept;

/// Ticks as CLOCK_MONOTONIC, on the straight line through two anchors: no frequency needs to be known, and
/// the error within them is no more than theirs.
class TickConversion {
 public:
  TickConversion(ClockAnchor begin, ClockAnchor end);
  std::int64_t to_ns(std::uint64_t ticks) const;

 private:
  ClockAnchor begin_;
  double ns_per_tick_;
};

}  // namespace harness::trace
