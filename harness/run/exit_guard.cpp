// harness/run/exit_guard.cpp: a script that ends the process.
//
// The program defines _exit() itself (trace/next_function.h tells how that binds), because os._exit() calls
// nothing else. exit() calls what atexit() was told first.
#include "harness/run/exit_guard.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <utility>

namespace harness {
namespace {

// For the whole process, as what calls it is. Not destroyed: exit() destroys before it ends.
std::function<void(int)>& teller() {
  static auto* const function = new std::function<void(int)>();
  return *function;
}
// This process, where there is a guard; its negative, where a thread tells already.
std::atomic<pid_t> guarded = 0;

/// The status to end with.
int told(int status) {
  const pid_t process = getpid();  // a forked child has a copy of its parent's
  pid_t found = process;
  if (guarded.compare_exchange_strong(found, -process)) {
    teller()(status);
    return 1;
  }
  if (found == -process) {  // the thread that tells ends the process
    for (;;) pause();
  }
  return status;
}

void at_exit() {
  if (std::abs(guarded.load()) == getpid()) end_process(told(EXIT_SUCCESS));
}

}  // namespace

ExitGuard::ExitGuard(std::function<void(int)> tell) {
  static const int registered = std::atexit(at_exit);
  static_cast<void>(registered);
  teller() = std::move(tell);
  guarded = getpid();
}

ExitGuard::~ExitGuard() {
  guarded = 0;
  teller() = {};
}

void end_process(int status) {
  for (;;) syscall(SYS_exit_group, status);
}

}  // namespace harness

extern "C" [[gnu::visibility("default")]] void _exit(int status) {
  harness::end_process(harness::told(status));
}
