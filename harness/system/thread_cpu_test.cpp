// harness/system/thread_cpu_test.cpp: a thread's CPU, read by another.
#include "harness/system/thread_cpu.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <semaphore>
#include <thread>

namespace harness {
namespace {

TEST(ThreadCpu, IsReadByAnotherThread) {
  if (cpu_note_of_this_thread() == nullptr) GTEST_SKIP() << "no rseq (glibc before 2.35)";
  const volatile std::int32_t* note = nullptr;
  int cpu = 0;
  std::binary_semaphore moved(0), read(0);
  std::thread thread([&] {
    cpu_set_t usable;
    sched_getaffinity(0, sizeof usable, &usable);
    while (!CPU_ISSET(static_cast<std::size_t>(cpu), &usable)) ++cpu;
    cpu_set_t one;
    for (int at = cpu; at < CPU_SETSIZE; ++at) {  // the last one
      if (CPU_ISSET(static_cast<std::size_t>(at), &usable)) cpu = at;
    }
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(cpu), &one);
    sched_setaffinity(0, sizeof one, &one);
    note = cpu_note_of_this_thread();
    moved.release();
    read.acquire();
  });
  moved.acquire();
  EXPECT_EQ(*note, cpu);
  read.release();
  thread.join();
}

}  // namespace
}  // namespace harness
