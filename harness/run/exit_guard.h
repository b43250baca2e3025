// harness/run/exit_guard.h: a script that ends the process.
#pragma once

#include <functional>

namespace harness {

/// While it lives, whatever ends this process in an orderly way (exit(), os._exit()) is told of: `tell` is
/// called by the thread that does it, with the status that it gave, and the process ends with status 1. A
/// forked child ends as it likes. One at a time.
class ExitGuard {
 public:
  explicit ExitGuard(std::function<void(int status)> tell);
  ~ExitGuard();
  ExitGuard(const ExitGuard&) = delete;
  ExitGuard& operator=(const ExitGuard&) = delete;
};

/// Ends this process as _exit() does, and tells nobody.
[[noreturn]] void end_process(int status);

}  // namespace harness
