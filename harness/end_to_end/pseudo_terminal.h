// harness/end_to_end/pseudo_terminal.h: a program in a terminal of its own, at which a test types.
#pragma once

#include <sys/types.h>

#include <string>

#include "harness/system/file_descriptor.h"
#include "harness/system/subprocess.h"

namespace harness {

/// The program leads a session, whose terminal this is. It ends with this object.
class PseudoTerminal {
 public:
  static bool can_be_had();

  /// Throws std::system_error where no terminal can be had.
  explicit PseudoTerminal(const Command& command);
  ~PseudoTerminal();
  PseudoTerminal(const PseudoTerminal&) = delete;
  PseudoTerminal& operator=(const PseudoTerminal&) = delete;

  pid_t pid() const { return pid_; }

  void type(const std::string& text);

  /// Reads until `text` has been shown after what was waited for before; false where that takes too long, or
  /// has once taken too long.
  bool shows(const std::string& text);

  /// All that has been shown.
  const std::string& shown() const { return shown_; }

  /// As where its window is closed.
  void hang_up();

  /// Reads until the program ends: what waitpid() says, -1 where that takes too long.
  int wait();

 private:
  /// Waits for a moment for more of what is shown. Whether there may be more.
  bool read_some();

  pid_t pid_ = -1;
  FileDescriptor terminal_;
  std::string shown_;
  std::size_t seen_ = 0;  // of shown_
  bool waits_in_vain_ = false;
};

}  // namespace harness
