// harness/run/interruption.h: Ctrl-C ends a run within a second, with what is finished saved.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

#include "harness/system/file_descriptor.h"

namespace harness {

/// Watches for SIGINT, SIGTERM and SIGHUP from a thread of its own. One at a time, made before any other
/// thread, so that all inherit its signal mask.
class Interruption {
 public:
  /// The signals are blocked from here on; none is lost before watch().
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  /// Starts to watch. At the first signal `stop_work` is called, which may block; where the run has not ended
  /// of itself kPatience later, or at a second signal, `save` is called and the process exits with status().
  /// Both are called from other threads.
  void watch(std::function<void()> stop_work, std::function<void()> save);

  bool requested() const { return signal_.load(std::memory_order_relaxed) != 0; }

  /// 128 + the signal's number, as a shell has it: 130 for Ctrl-C. 0 where there was none.
  int status() const { return requested() ? 128 + signal_.load() : 0; }

 private:
  void wait_for_signals(const std::function<void()>& stop_work, const std::function<void()>& save);

  std::atomic<int> signal_{0};
  FileDescriptor signals_;  // signalfd
  FileDescriptor ended_;    // eventfd: the run has ended
  std::jthread watcher_;
};

}  // namespace harness
