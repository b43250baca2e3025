// harness/compare/turns.h: runs the processes of a round in turns, a repetition each.
//
// What a machine does to one process for a second, it has done with before the next process comes, so that
// the two cannot be compared. Where both are there and take turns, it hits both alike. Google Benchmark calls
// that interleaving (--benchmark_enable_random_interleaving), of rows within a process.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <vector>

#include "harness/system/subprocess.h"

namespace harness {

struct TurnsConfig {
  bool interleaved = true;               ///< else one runs after the other, from its start to its end
  std::chrono::milliseconds timeout{0};  ///< of the time that a process has run
  int cancel = -1;                       ///< a descriptor that can be read as soon as all are to end
  std::function<void(std::size_t number)> starting = {};
  /// Called as each ends, whose wall_time is that of its own turns. Returns whether the others go on.
  std::function<bool(std::size_t number, const ProcessResult& result)> ended = {};
};

/// Runs commands of this program, of which one at a time goes on, the others wait: each in its order from its
/// start until it asks for a turn, and then the one that has come least far. Of those that are equally far
/// the first begins with even pieces and the last with odd ones, so that what grows with time cancels. Where
/// `ended` says so, or throws, the others are killed. Throws std::system_error where one cannot be started.
void run_in_turns(const std::vector<Command>& commands, const TurnsConfig& config);

}  // namespace harness
