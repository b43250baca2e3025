// harness/system/clock.h: the kernel's clocks, read in nanoseconds.
#pragma once

#include <time.h>

#include <cstdint>

namespace harness {

/// Of any clock but one of a thread or process that has ended.
inline std::int64_t read_ns(clockid_t clock) noexcept {
  timespec now{};
  clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

/// CLOCK_MONOTONIC: the time that events, iterations and regions are given in.
inline std::int64_t now_ns() noexcept {
  return read_ns(CLOCK_MONOTONIC);
}

/// CPU time that the calling thread has used. A system call: no vDSO knows it.
inline std::int64_t thread_cpu_ns() noexcept {
  return read_ns(CLOCK_THREAD_CPUTIME_ID);
}

}  // namespace harness
