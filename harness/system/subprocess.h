// harness/system/subprocess.h: runs a child process without a shell and collects what it prints.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/system/file_descriptor.h"

namespace harness {

/// Under which number a child has Command::inherited.
inline constexpr int kInherited = 3;

/// What to start, and in what surroundings.
struct Command {
  /// argv[0] is the path of the program, absolute or relative to `working_directory`; PATH is not searched.
  std::vector<std::string> argv;
  /// Changes to this process's environment, which the child inherits: a value sets, nullopt unsets.
  std::map<std::string, std::optional<std::string>> environment = {};
  /// Whether it inherits this process's environment; else `environment` sets all that it has.
  bool inherits_environment = true;
  /// Where the child starts; empty means where this process is.
  std::filesystem::path working_directory = {};
  /// Whether both output streams are this process's standard error, so that nothing of them is kept.
  bool passes_output_on = false;
  /// A descriptor of this process that the child gets as kInherited; -1: none.
  int inherited = -1;
  /// How much of each of the two output streams is kept; the rest is read and thrown away.
  std::size_t output_limit_bytes = std::size_t{16} << 20;
};

/// How a child ended.
struct ProcessResult {
  int exit_code = -1;      ///< what it gave to exit(), -1 when a signal ended it
  int signal = 0;          ///< the signal that ended it, 0 when it exited
  bool timed_out = false;  ///< whether it was killed because its time was up
  bool cancelled = false;  ///< whether it was killed because the caller said so
  bool truncated = false;  ///< whether it printed more than Command::output_limit_bytes on either stream
  std::string standard_output = {};
  std::string standard_error = {};
  std::chrono::nanoseconds wall_time{0};  ///< from the start to the end, as seen from outside

  bool succeeded() const noexcept { return exit_code == 0; }
};

/// A running child. It reads /dev/null, writes into two pipes where it does not pass its output on, inherits
/// no file descriptor but Command::inherited, and has an empty signal mask and default signal dispositions,
/// whatever this process blocks or ignores. It leads a process group of its own, so a Ctrl-C at the terminal
/// does not reach it unless the caller sends it on. Not thread-safe: one thread uses one object; several
/// objects may be used by several threads.
class Subprocess {
 public:
  /// Starts it. Throws std::system_error, with errno's code and argv[0] in the message, when the program
  /// cannot be run (ENOENT, EACCES, ENOEXEC, …) or the system has no more processes or descriptors.
  explicit Subprocess(const Command& command);
  Subprocess(Subprocess&& other) noexcept;
  Subprocess& operator=(Subprocess&&) = delete;
  /// Kills the child's process group when wait() has not been called.
  ~Subprocess();

  pid_t pid() const noexcept { return pid_; }

  /// Sends `signal` to the child itself, not to its group. To be called before wait().
  void kill(int signal) noexcept;

  /// Collects the child's output until it ends; when `timeout` has passed since this call, kills its process
  /// group, and likewise as soon as the descriptor `cancel` (-1: none) can be read. A process that the child
  /// leaves behind with the pipes open does not hold this up. To be called once. Throws std::system_error
  /// when the system refuses to poll.
  ProcessResult wait(std::chrono::milliseconds timeout, int cancel = -1);

  /// As wait() does, but returns nothing as soon as the descriptor `readable` (-1: none) can be read, or is
  /// at its end, while the child runs. To be called again until it returns a result.
  std::optional<ProcessResult> wait_until(int readable, std::chrono::milliseconds timeout, int cancel = -1);

 private:
  void read_some(FileDescriptor& pipe, std::string& text);
  void kill_group() noexcept;
  void reap(ProcessResult& result) noexcept;

  std::chrono::steady_clock::time_point start_;
  std::size_t output_limit_bytes_;
  ProcessResult result_;
  pid_t pid_ = -1;  // -1 once reaped or moved from
  FileDescriptor process_;
  FileDescriptor output_;
  FileDescriptor error_;
};

/// Starts `command` and waits for it: Subprocess(command).wait(timeout).
ProcessResult run_subprocess(const Command& command, std::chrono::milliseconds timeout);

}  // namespace harness
