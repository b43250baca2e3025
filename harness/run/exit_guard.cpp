// harness/run/exit_guard.cpp: a script that ends the process.
//
// The program defines _exit(), execv() and execve() itself (trace/next_function.h tells how that binds),
// because os._exit(), os.execv() and os.execve() call nothing else. exit() calls what atexit() was told
// first.
#include "harness/run/exit_guard.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>
#include <utility>

namespace harness {
namespace {

// For the whole process, as what calls it is. Not destroyed: exit() destroys before it ends.
std::function<void(const std::string&)>& teller() {
  static auto* const function = new std::function<void(const std::string&)>();
  return *function;
}
// This process, where there is a guard; its negative, where a thread tells already.
std::atomic<pid_t> guarded = 0;

// Of the guard, for a process that something else would have ended.
std::atomic<int> ends_with = 1;

/// Whether it was told, so that the process is to end with ends_with.
bool told(const char* what, const std::string& which = "") {
  const pid_t process = getpid();  // a forked child has a copy of its parent's
  pid_t found = process;
  if (guarded.compare_exchange_strong(found, -process)) {
    teller()(what + which);
    return true;
  }
  if (found == -process) {  // the thread that tells ends the process
    for (;;) pause();
  }
  return false;
}

constexpr const char* kEnded = "ended the process, with status ";
constexpr const char* kReplaced = "would have replaced the process by ";

void at_exit() {
  if (std::abs(guarded.load()) == getpid()) end_process(told(kEnded, "0") ? ends_with.load() : EXIT_SUCCESS);
}

/// In the child of a vfork(), which has its parent's memory, this writes nothing.
int execute(const char* program, char* const* arguments, char* const* environment) {
  if (std::abs(guarded.load()) == getpid() && told(kReplaced, program)) end_process(ends_with);
  return static_cast<int>(syscall(SYS_execve, program, arguments, environment));
}

}  // namespace

ExitGuard::ExitGuard(std::function<void(const std::string&)> tell, int status) {
  static const int registered = std::atexit(at_exit);
  static_cast<void>(registered);
  teller() = std::move(tell);
  ends_with = status;
  guarded = getpid();
}

ExitGuard::~ExitGuard() {
  guarded = 0;
  teller() = {};
}

void end_process_after(std::chrono::milliseconds while_it_may_take, int status, std::function<void()> tell) {
  std::thread([=] {
    std::this_thread::sleep_for(while_it_may_take);
    tell();
    end_process(status);
  }).detach();
}

void end_process(int status) {
  for (;;) syscall(SYS_exit_group, status);
}

}  // namespace harness

extern "C" {

[[gnu::visibility("default")]] void _exit(int status) {
  const bool is_guarded = std::abs(harness::guarded.load()) == getpid();
  const bool told = is_guarded && harness::told(harness::kEnded, std::to_string(status));
  harness::end_process(told ? harness::ends_with.load() : status);
}

[[gnu::visibility("default")]] int execv(const char* program, char* const* arguments) {
  return harness::execute(program, arguments, environ);
}

[[gnu::visibility("default")]] int execve(const char* program, char* const* arguments,
                                          char* const* environment) {
  return harness::execute(program, arguments, environment);
}

}  // extern "C"
