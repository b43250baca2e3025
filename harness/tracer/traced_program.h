// harness/tracer/traced_program.h: a program that runs as it would by itself, and this process in its place.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/tracer/trace_memory.h"

namespace harness::tracer {

/// Memory that this process shares with the program, of so many bytes with the timeline's rings. Throws
/// UserError.
class SharedMemory {
 public:
  /// `ring_bytes` is for all threads together; 0: no timeline.
  explicit SharedMemory(std::size_t ring_bytes);
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  TraceMemory& operator*() { return *memory_; }
  TraceMemory* operator->() { return memory_; }
  int descriptor() const { return descriptor_; }

 private:
  std::size_t bytes_;
  int descriptor_ = -1;
  TraceMemory* memory_ = nullptr;
};

struct ProgramStart {
  std::filesystem::path executable;      ///< of an interpreter
  std::vector<std::string> arguments;    ///< its argv, argv[0] included
  std::filesystem::path tracer;          ///< harness_tracer.so
  std::filesystem::path libpython = {};  ///< for the launcher, where `executable` is that
};

/// A child of this process: with its streams, its environment, its folder and its process group. One at a
/// time.
class TracedProgram {
 public:
  /// Takes all signals of this process from now on. Throws UserError where the program cannot be run.
  TracedProgram(const ProgramStart& start, const SharedMemory& memory);
  ~TracedProgram();
  TracedProgram(const TracedProgram&) = delete;
  TracedProgram& operator=(const TracedProgram&) = delete;

  pid_t process() const { return process_; }

  /// Until the program ends: what waitpid() says. Signals that others send to this process go on to it; those
  /// of the terminal reach it anyway. Where the terminal stops it, this process stops, too.
  int wait();

 private:
  pid_t process_ = -1;
  sigset_t before_{};
};

/// "exit status 1", "signal 11 (Segmentation fault)".
std::string end_in_words(int wait_status);

/// Ends this process as the program has ended: returns the exit status, or does not return where it was a
/// signal.
int end_as(int wait_status);

}  // namespace harness::tracer
