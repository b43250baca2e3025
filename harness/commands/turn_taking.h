// harness/commands/turn_taking.h: a run that takes turns with those of the other interpreters.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "harness/cli/options.h"
#include "harness/system/file_descriptor.h"
#include "harness/system/machine.h"
#include "harness/system/turn.h"

namespace harness {

class TurnTaking {
 public:
  /// Where the options say so, takes over the descriptor that the process has inherited, so that no script
  /// finds it. Before any script runs.
  TurnTaking(const Options& options, const Machine& machine);

  /// Waits for a turn; empty where there are none to wait for. What runs on one thread begins each piece of a
  /// row on the next core, and on the same one in all processes: cores of a virtual machine need not be
  /// equally fast at a time. This must outlive it.
  std::function<void(TurnPlace)> taker();

  /// The CPU where a row on one thread begins now; below 0: anywhere.
  std::shared_ptr<const std::atomic<int>> home_of_one() const { return home_of_one_; }

 private:
  FileDescriptor turns_;
  std::vector<int> cpus_;  // one of each core
  std::shared_ptr<std::atomic<int>> home_of_one_ = std::make_shared<std::atomic<int>>(-1);
};

/// A CPU of each physical core that this process may use.
std::vector<int> one_cpu_a_core(const Machine& machine);

}  // namespace harness
