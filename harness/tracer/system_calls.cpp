// harness/tracer/system_calls.cpp: by Linux's own numbers for this architecture.
#include "harness/tracer/system_calls.h"

#include <sys/syscall.h>

#include <algorithm>

namespace harness::tracer {
namespace {

struct SystemCall {
  int number;
  const char* name;
};

#define HARNESS_CALL(name) \
  SystemCall {             \
    SYS_##name, #name      \
  }
constexpr SystemCall kCalls[] = {
    HARNESS_CALL(read),
    HARNESS_CALL(write),
    HARNESS_CALL(pread64),
    HARNESS_CALL(pwrite64),
    HARNESS_CALL(readv),
    HARNESS_CALL(writev),
    HARNESS_CALL(openat),
    HARNESS_CALL(close),
    HARNESS_CALL(fsync),
    HARNESS_CALL(fdatasync),
    HARNESS_CALL(flock),
    HARNESS_CALL(fcntl),
    HARNESS_CALL(ioctl),
    HARNESS_CALL(futex),
    HARNESS_CALL(nanosleep),
    HARNESS_CALL(clock_nanosleep),
    HARNESS_CALL(ppoll),
    HARNESS_CALL(pselect6),
    HARNESS_CALL(epoll_pwait),
    HARNESS_CALL(accept),
    HARNESS_CALL(accept4),
    HARNESS_CALL(connect),
    HARNESS_CALL(recvfrom),
    HARNESS_CALL(sendto),
    HARNESS_CALL(recvmsg),
    HARNESS_CALL(sendmsg),
    HARNESS_CALL(wait4),
    HARNESS_CALL(waitid),
    HARNESS_CALL(mmap),
    HARNESS_CALL(munmap),
    HARNESS_CALL(madvise),
    HARNESS_CALL(mprotect),
    HARNESS_CALL(sched_yield),
    HARNESS_CALL(msync),
    HARNESS_CALL(copy_file_range),
    HARNESS_CALL(sendfile),
#if defined(__x86_64__)
    HARNESS_CALL(open),
    HARNESS_CALL(poll),
    HARNESS_CALL(select),
    HARNESS_CALL(epoll_wait),
    HARNESS_CALL(pause),
#endif
};
#undef HARNESS_CALL

}  // namespace

std::string name_of_system_call(int number) {
  const auto* const known = std::ranges::find(kCalls, number, &SystemCall::number);
  return known == std::end(kCalls) ? "system call " + std::to_string(number) : known->name;
}

}  // namespace harness::tracer
