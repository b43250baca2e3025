// kernels/cpu_level.cpp: which instruction sets the running CPU and its operating system offer.
#include "kernels/cpu_level.h"

namespace kernels {

CpuLevel cpu_level() {
#ifdef __x86_64__
  // clang 14's __builtin_cpu_supports does not know "x86-64-v3". What is not asked for here (f16c, lzcnt,
  // movbe) came to every maker's CPUs together with what is asked for.
  const bool v3 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0 &&
                  __builtin_cpu_supports("bmi2") != 0 && __builtin_cpu_supports("fma") != 0;
  const bool v4 = __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
                  __builtin_cpu_supports("avx512cd") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
                  __builtin_cpu_supports("avx512vl") != 0;
  if (v3 && v4) return CpuLevel::x86_64_v4;
  if (v3) return CpuLevel::x86_64_v3;
#endif
  return CpuLevel::baseline;
}

const char* name_of(CpuLevel level) {
#ifdef __x86_64__
  switch (level) {
    case CpuLevel::x86_64_v4:
      return "x86-64-v4";
    case CpuLevel::x86_64_v3:
      return "x86-64-v3";
    case CpuLevel::baseline:
      return "x86-64-v2";
  }
#else
  static_cast<void>(level);
#endif
  return "";
}

}  // namespace kernels
