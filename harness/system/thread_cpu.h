// harness/system/thread_cpu.h: which CPU a thread is on, as the kernel notes it in the thread's own memory.
#pragma once

#include <cstddef>
#include <cstdint>

namespace harness {

/// From a thread's pointer to its struct rseq, which glibc 2.35 and later register with the kernel; 0 where
/// nobody has.
std::ptrdiff_t rseq_offset();

/// Where the kernel writes the calling thread's CPU whenever the thread moves; a negative number where it
/// does not. Any thread may read it as long as that thread lives: no system call. Null where there is none.
const volatile std::int32_t* cpu_note_of_this_thread();

}  // namespace harness
