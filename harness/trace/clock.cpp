// harness/trace/clock.cpp: which clock is trusted, and how its ticks become nanoseconds.
#include "harness/trace/clock.h"

#include <cmath>

#include "harness/system/text.h"

namespace harness::trace {

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
  const auto clocksource = read_text_file("/sys/devices/system/clocksource/clocksource0/current_clocksource");
  const auto cpuinfo = read_text_file("/proc/cpuinfo");
  detail::ticks_are_cpu_counter = clocksource && cpuinfo && cpu_counter_is_trusted(*clocksource, *cpuinfo);
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
