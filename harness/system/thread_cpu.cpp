// harness/system/thread_cpu.cpp: struct rseq, by the symbols with which glibc says where it is.
#include "harness/system/thread_cpu.h"

#include <dlfcn.h>

namespace harness {
namespace {

// struct rseq {u32 cpu_id_start; u32 cpu_id; …}.
constexpr std::ptrdiff_t kCpuId = 4;

}  // namespace

// Looked up, because an older glibc is to load this program, too. A size of 0: it is not registered.
std::ptrdiff_t rseq_offset() {
  const auto* const offset = static_cast<const std::ptrdiff_t*>(dlsym(RTLD_DEFAULT, "__rseq_offset"));
  const auto* const size = static_cast<const unsigned*>(dlsym(RTLD_DEFAULT, "__rseq_size"));
  return offset != nullptr && size != nullptr && *size != 0 ? *offset : 0;
}

const volatile std::int32_t* cpu_note_of_this_thread() {
  const std::ptrdiff_t offset = rseq_offset();
  if (offset == 0) return nullptr;
#if defined(__x86_64__)
  const char* thread = nullptr;
  asm("movq %%fs:0, %0" : "=r"(thread));
#elif defined(__aarch64__)
  const char* const thread = static_cast<const char*>(__builtin_thread_pointer());
#else
  return nullptr;
#endif
#if defined(__x86_64__) || defined(__aarch64__)
  return reinterpret_cast<const volatile std::int32_t*>(thread + offset + kCpuId);
#endif
}

}  // namespace harness
