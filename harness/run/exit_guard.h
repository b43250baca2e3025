// harness/run/exit_guard.h: a script that ends the process.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace harness {

/// While it lives, whatever ends this process in an orderly way (exit(), os._exit()), or would replace it by
/// another program (os.execv()), is told of: `tell` is called by the thread that does it, with what it did,
/// and the process ends with `status`. A forked child ends as it likes. One at a time.
class ExitGuard {
 public:
  /// `tell` is given "ended the process, with status 3".
  explicit ExitGuard(std::function<void(const std::string& what)> tell, int status = 1);
  ~ExitGuard();
  ExitGuard(const ExitGuard&) = delete;
  ExitGuard& operator=(const ExitGuard&) = delete;
};

/// Ends this process as _exit() does, and tells nobody.
[[noreturn]] void end_process(int status);

/// Ends this process so in a while, if it has not ended by then, after calling `tell`, which is of another
/// thread.
void end_process_after(std::chrono::milliseconds while_it_may_take, int status, std::function<void()> tell);

}  // namespace harness
