// harness/testing/write_tracer.h: runs a program, and kills it with all that it has started at one of its
// writes.
//
// A write is a system call that changes a file or a folder, or tells somebody something: write() and its kin,
// open() that creates or empties a file, fsync(), ftruncate(), rename(), link(), unlink(), mkdir() and
// theirs. The program does nothing for it: the kernel stops its threads there and asks (seccomp(2),
// ptrace(2)).
#pragma once

#include <filesystem>
#include <string>

#include "harness/system/subprocess.h"

namespace harness {

/// Which of the writes of a program and of the processes that it starts, in the order in which they are
/// begun.
struct KillAt {
  int write = 0;      ///< from 1; 0: none, so that it runs to its end
  bool half = false;  ///< a write() has written the half of its bytes, instead of none
};

/// How it ended.
struct TracedEnd {
  bool killed = false;      ///< by the tracer
  int exit_code = -1;       ///< where it ended by itself
  int writes = 0;           ///< how many were begun, the one at which it was killed included
  std::string last = {};    ///< the system call of the last of them, for instance "rename"
  bool has_halves = false;  ///< that can be killed half written

  bool operator==(const TracedEnd&) const = default;
};

/// Why this process cannot trace another one here; empty where it can. A container may forbid it.
std::string why_no_tracing();

/// Runs `command` to its end, or to that write: then SIGKILL ends first the program itself, and then every
/// process that it has started. Its two output streams go to the files `output` and `error`, which are
/// emptied first. Returns when no process of it is left. To be called by a process that has no other
/// children. Throws std::system_error where it cannot be traced.
TracedEnd run_and_kill(const Command& command, const KillAt& at, const std::filesystem::path& output,
                       const std::filesystem::path& error);

}  // namespace harness
