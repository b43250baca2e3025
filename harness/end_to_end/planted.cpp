// harness/end_to_end/planted.cpp: native code that a traced program calls through ctypes, with the GIL held
// or not. What it does for so long is known.
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

namespace {

std::int64_t now_ns(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

extern "C" {

/// Sleeps. How long that lasted; -1 where it was cut short.
std::int64_t planted_sleep(std::int64_t ns) {
  const std::int64_t began = now_ns(CLOCK_MONOTONIC);
  const timespec time{.tv_sec = ns / 1'000'000'000, .tv_nsec = ns % 1'000'000'000};
  timespec rest{};
  if (nanosleep(&time, &rest) != 0) return -1;
  return now_ns(CLOCK_MONOTONIC) - began;
}

/// The same in poll(), which fails wherever a signal is handled.
std::int64_t planted_poll(std::int64_t ns) {
  const std::int64_t began = now_ns(CLOCK_MONOTONIC);
  if (poll(nullptr, 0, static_cast<int>(ns / 1'000'000)) != 0) return -1;
  return now_ns(CLOCK_MONOTONIC) - began;
}

/// Waits for a byte in the pipe; -1 where there came none.
std::int64_t planted_read(int pipe) {
  const std::int64_t began = now_ns(CLOCK_MONOTONIC);
  char byte = 0;
  if (read(pipe, &byte, 1) != 1) return -1;
  return now_ns(CLOCK_MONOTONIC) - began;
}

/// Computes for so much of a processor's time, and no less by the clock that traces are told by.
std::int64_t planted_compute(std::int64_t ns) {
  const std::int64_t began = now_ns(CLOCK_MONOTONIC), began_cpu = now_ns(CLOCK_THREAD_CPUTIME_ID);
  std::int64_t length = 0;
  while (length < ns) {
    length = std::min(now_ns(CLOCK_MONOTONIC) - began, now_ns(CLOCK_THREAD_CPUTIME_ID) - began_cpu);
  }
  return length;
}

}  // extern "C"
