// kernels/cache_flush.cpp: takes memory out of the caches, line by line.
#include "kernels/cache_flush.h"

#include <cstddef>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace kernels {
namespace {

/// Calls `flush_line` with a byte of each line that `bytes` lie in.
template <typename FlushLine>
[[gnu::always_inline]] inline void for_each_line(std::span<const std::uint8_t> bytes, FlushLine flush_line) {
  constexpr std::size_t kLineBytes = 64;  // x86's; no arm64 has shorter ones
  for (std::size_t byte = 0; byte < bytes.size(); byte += kLineBytes) flush_line(&bytes[byte]);
  flush_line(&bytes.back());  // the steps from the first byte may have left its line out
}

#if defined(__x86_64__)

bool has_clflushopt() {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ebx & bit_CLFLUSHOPT) != 0;
}

void flush_one_by_one(std::span<const std::uint8_t> bytes) {
  for_each_line(bytes, [](const std::uint8_t* byte) { _mm_clflush(byte); });
}

/// No flush waits for the one before it. This is assembly because only code that is compiled for such a CPU
/// may call _mm_clflushopt().
void flush_together(std::span<const std::uint8_t> bytes) {
  for_each_line(bytes, [](const std::uint8_t* byte) {
    asm volatile("clflushopt %0" : : "m"(*byte) : "memory");
  });
}

void flush(std::span<const std::uint8_t> bytes) {
  static const bool together = has_clflushopt();
  together ? flush_together(bytes) : flush_one_by_one(bytes);
  _mm_mfence();
}

#elif defined(__aarch64__)

void flush(std::span<const std::uint8_t> bytes) {
  for_each_line(bytes, [](const std::uint8_t* byte) {
    asm volatile("dc civac, %0" : : "r"(byte) : "memory");
  });
  asm volatile("dsb ish" : : : "memory");
}

#else

void flush(std::span<const std::uint8_t>) {}

#endif

}  // namespace

void flush_from_caches(std::span<const std::uint8_t> bytes) {
  if (!bytes.empty()) flush(bytes);
}

}  // namespace kernels
