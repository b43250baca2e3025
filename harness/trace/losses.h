// harness/trace/losses.h: what traces tell the account of a row: when a thread was kept from its work, and
// why.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace harness::trace {

/// What kept a thread. Where two fit, the one that stands first has the time.
enum class Loss : std::uint8_t {
  world_stopped,  ///< the interpreter's threads were stopped, also as the one who asked for it
  lock_wait,      ///< parked on a lock, the wake-up included
  gil_wait,       ///< from asking for the GIL to holding it
  lock_spin,      ///< a burst of spinning for a lock
  blocked,        ///< an event, a join, a queue, sleep, I/O
};

struct LossSpan {
  Loss loss;
  std::int64_t begin_ns;    ///< CLOCK_MONOTONIC
  std::int64_t end_ns;      ///< CLOCK_MONOTONIC
  std::int64_t cpu_ns = 0;  ///< CPU time that the thread used within
  /// That it may have used within besides: it did not run, or what ran in its place was the hypervisor's, and
  /// its clock went on.
  std::int64_t cpu_unsure_ns = 0;

  bool operator==(const LossSpan&) const = default;
};

/// One thread's, in the order of time; none overlaps another.
struct ThreadLosses {
  std::int64_t os_id = 0;  ///< gettid()
  std::vector<LossSpan> spans;

  bool operator==(const ThreadLosses&) const = default;
};

/// What one trace saw of one iteration. Spans may begin before its window and end after it.
struct Losses {
  std::vector<Loss> kinds = {};  ///< those that it would have seen; of others nothing is said
  std::vector<ThreadLosses> threads = {};
  /// Why spans may be missing or wrong, so that there is no account; "" where none is.
  std::string incomplete = {};
};

}  // namespace harness::trace
