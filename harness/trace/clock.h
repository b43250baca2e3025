// harness/trace/clock.h: the cheapest clock that orders the events of all threads, and the CPU of each.
//
// Two events that one lock orders are recorded under that lock, so their times come out in the order in which
// they happened if (1) the clock is the same on every core and (2) reading it does not drift out of the
// critical section. CLOCK_MONOTONIC has both, but the CPU's own counter, which it is made of, is cheaper. So
// the counter is read where the kernel trusts it for CLOCK_MONOTONIC itself, which is what (1) asks for; and
// for (2) not before everything that stands before it has been executed: a processor may otherwise read the
// counter before the lock is its own. RDTSC needs a fence for that. RDTSCP waits for earlier instructions,
// and for the data of earlier loads, by itself (Intel, "Software Developer's Manual", volume 2; AMD,
// "Architecture Programmer's Manual", volume 3), and a lock is got by an instruction that loads. What stands
// after the counter may be executed before it is read, by either way. That does no harm: stores become
// visible in program order, after what stands before them has been executed, and so the unlock after the
// counter is read.
#pragma once

#include <sched.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "harness/system/clock.h"

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace harness::trace {

using harness::now_ns;

/// A number of a CPU, as Linux counts them. More than it can say is unknown.
using CpuNumber = std::uint16_t;
inline constexpr CpuNumber kUnknownCpu = UINT16_MAX;

namespace detail {
enum class TickSource : std::uint8_t {
  monotonic,        ///< CLOCK_MONOTONIC
  counter,          ///< the CPU's counter
  counter_and_cpu,  ///< that by an instruction which says, too, which CPU it was: RDTSCP
};
/// Both set once, by choose_tick_source(). Globals because the callers of a hook have no argument for them.
inline constinit std::atomic<TickSource> tick_source{TickSource::monotonic};
/// From the thread's pointer to the kernel's notes of it (rseq), which glibc registers; 0 where it has not.
inline constinit std::atomic<std::ptrdiff_t> rseq_offset{0};

/// What the kernel or glibc says; they say a negative number where they do not know.
constexpr CpuNumber cpu_number(std::int64_t said) {
  return said >= 0 && said < kUnknownCpu ? static_cast<CpuNumber>(said) : kUnknownCpu;
}

#if defined(__x86_64__)
/// Linux keeps the CPU's number in the low bits of TSC_AUX, and its node's above them.
inline constexpr std::uint32_t kTscAuxCpuMask = 0xFFF;
#endif
}  // namespace detail

/// Time in ticks of the source that choose_tick_source() found; nanoseconds of CLOCK_MONOTONIC before that.
inline std::uint64_t now_ticks() noexcept {
  if (detail::tick_source.load(std::memory_order_relaxed) != detail::TickSource::monotonic) {
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

/// The CPU that the calling thread is on, or kUnknownCpu. No system call where glibc registers rseq (2.35
/// on).
inline CpuNumber this_cpu() noexcept {
#if defined(__x86_64__) || defined(__aarch64__)
  if (const std::ptrdiff_t offset = detail::rseq_offset.load(std::memory_order_relaxed); offset != 0) {
    // struct rseq {u32 cpu_id_start; u32 cpu_id; …}, written by the kernel whenever the thread moves.
    constexpr std::ptrdiff_t kCpuId = 4;
    std::int32_t cpu;
#if defined(__x86_64__)
    asm volatile("movl %%fs:(%1), %0" : "=r"(cpu) : "r"(offset + kCpuId));
#else
    cpu = *reinterpret_cast<volatile std::int32_t*>(static_cast<char*>(__builtin_thread_pointer()) + offset +
                                                    kCpuId);
#endif
    return detail::cpu_number(cpu);
  }
#endif
  return detail::cpu_number(sched_getcpu());
}

/// An instant, and the CPU on which it was taken.
struct TicksAndCpu {
  std::uint64_t ticks;
  CpuNumber cpu;
};

/// Whether one instruction reads both, so that now_ticks_and_cpu() calls nothing.
inline bool one_read_is_enough() noexcept {
  return detail::tick_source.load(std::memory_order_relaxed) == detail::TickSource::counter_and_cpu;
}

namespace detail {
/// That instruction. Where one_read_is_enough() only.
inline TicksAndCpu read_both() noexcept {
#if defined(__x86_64__)
  std::uint32_t low;
  std::uint32_t high;
  std::uint32_t aux;
  asm volatile("rdtscp" : "=a"(low), "=d"(high), "=c"(aux)::"memory");
  return {std::uint64_t{high} << 32 | low, static_cast<CpuNumber>(aux & kTscAuxCpuMask)};
#else
  return {};
#endif
}
}  // namespace detail

/// now_ticks() and this_cpu(), by one instruction where there is one; else a thread that is moved between the
/// two has its new CPU noted.
inline TicksAndCpu now_ticks_and_cpu() noexcept {
  if (one_read_is_enough()) [[likely]]
    return detail::read_both();
  const std::uint64_t ticks = now_ticks();
  return {ticks, this_cpu()};
}

/// Whether a CPU's counter can stand for CLOCK_MONOTONIC. `clocksource` is what the kernel makes
/// CLOCK_MONOTONIC of (/sys/devices/system/clocksource/clocksource0/current_clocksource), `cpuinfo` the text
/// of /proc/cpuinfo.
bool cpu_counter_is_trusted(std::string_view clocksource, std::string_view cpuinfo);

/// Decides for the CPU's counter if it is trusted, for CLOCK_MONOTONIC otherwise; and for the instruction
/// that says the CPU, too, if it says the truth: the calling thread is bound to two of its CPUs, one after
/// the other, and then given back those that it had. Not during a recording.
void choose_tick_source();

/// Decides as another process of this machine has, whose detail::tick_source that is.
void take_tick_source(detail::TickSource source) noexcept;

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
