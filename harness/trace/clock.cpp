// harness/trace/clock.cpp: which clock is trusted, and how its ticks become nanoseconds.
#include "harness/trace/clock.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "harness/system/text.h"
#include "harness/system/thread_cpu.h"

namespace harness::trace {
namespace {

#if defined(__x86_64__)

// Bound to `cpu`, the calling thread reads that number: from TSC_AUX, and not by sched_getcpu(), which may be
// made of TSC_AUX itself.
bool tsc_aux_says(int cpu) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(cpu), &one);
  if (sched_setaffinity(0, sizeof one, &one) != 0) return false;
  std::uint32_t aux;
  __rdtscp(&aux);
  return static_cast<int>(aux & detail::kTscAuxCpuMask) == cpu;
}

// Asked on the last and the first CPU that the thread may use: where a hypervisor leaves TSC_AUX alone, it is
// the same on all. On a system of one CPU that is no harm.
bool tsc_aux_is_the_cpu(std::string_view flags) {
  if ((" " + std::string(flags) + " ").find(" rdtscp ") == std::string::npos) return false;
  if (sysconf(_SC_NPROCESSORS_CONF) > static_cast<long>(detail::kTscAuxCpuMask) + 1) return false;
  cpu_set_t had;
  CPU_ZERO(&had);
  if (sched_getaffinity(0, sizeof had, &had) != 0) return false;
  int first = CPU_SETSIZE;
  int last = -1;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(static_cast<std::size_t>(cpu), &had)) continue;
    first = std::min(first, cpu);
    last = cpu;
  }
  const bool is_so = last >= 0 && tsc_aux_says(last) && tsc_aux_says(first);
  sched_setaffinity(0, sizeof had, &had);
  return is_so;
}

#endif

}  // namespace

bool cpu_counter_is_trusted(std::string_view clocksource, std::string_view cpuinfo) {
#if defined(__x86_64__)
  // The kernel gives up "tsc" when the cores' counters disagree; the two flags say that they neither change
  // their pace with the frequency nor stop when a core sleeps.
  const std::string_view flags = value_of(cpuinfo, "flags", ':');
  return trimmed(clocksource) == "tsc" && flags.find("constant_tsc") != flags.npos &&
         flags.find("nonstop_tsc") != flags.npos;
#elif defined(__aarch64__)
  // The architecture promises one counter for all cores; /proc/cpuinfo has nothing to add.
  static_cast<void>(cpuinfo);
  return trimmed(clocksource) == "arch_sys_counter";
#else
  static_cast<void>(clocksource);
  static_cast<void>(cpuinfo);
  return false;
#endif
}

void choose_tick_source() {
  using detail::TickSource;
  const auto clocksource = read_text_file("/sys/devices/system/clocksource/clocksource0/current_clocksource");
  const auto cpuinfo = read_text_file("/proc/cpuinfo");
  TickSource source = TickSource::monotonic;
  if (clocksource && cpuinfo && cpu_counter_is_trusted(*clocksource, *cpuinfo)) {
    source = TickSource::counter;
#if defined(__x86_64__)
    if (tsc_aux_is_the_cpu(value_of(*cpuinfo, "flags", ':'))) source = TickSource::counter_and_cpu;
#endif
  }
  take_tick_source(source);
}

void take_tick_source(detail::TickSource source) noexcept {
  detail::tick_source = source;
  detail::rseq_offset = rseq_offset();
}

ClockAnchor take_clock_anchor() noexcept {
  constexpr int kTries = 8;  // the tightest of a few: an interrupt between two reads spoils one
  ClockAnchor best{};
  std::uint64_t best_width = UINT64_MAX;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const std::uint64_t before = now_ticks();
    const std::int64_t ns = now_ns();
    const std::uint64_t width = now_ticks() - before;
    if (width < best_width) {
      best_width = width;
      best = {before + width / 2, ns};
    }
  }
  return best;
}

TickConversion::TickConversion(ClockAnchor begin, ClockAnchor end)
    : begin_(begin),
      ns_per_tick_(end.ticks > begin.ticks
                       ? static_cast<double>(end.ns - begin.ns) / static_cast<double>(end.ticks - begin.ticks)
                       : 1.0) {}

std::int64_t TickConversion::to_ns(std::uint64_t ticks) const {
  const auto since_begin = static_cast<std::int64_t>(ticks - begin_.ticks);
  return begin_.ns + std::llround(static_cast<double>(since_begin) * ns_per_tick_);
}

}  // namespace harness::trace
