// harness/lock_trace/waits.h: what a thread waited for, by the functions on its stack.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace harness::lock_trace {

enum class WaitKind : std::uint8_t {
  lock,     ///< that another thread held
  world,    ///< that a stopped world goes on
  request,  ///< to be allowed to stop the world, and that all others have stopped
  event,    ///< that something happens: a thread ends, a queue gets an item
  none,     ///< nothing: os.sched_yield(), or memory's own
  unknown,  ///< the functions have no names
};

struct Wait {
  WaitKind kind = WaitKind::unknown;
  std::string what = {};  ///< "a dict's lock", "a stopped world"
  std::string why = {};   ///< of a request: what the world was stopped for, "garbage collection"

  bool operator==(const Wait&) const = default;
};

/// `names` are the functions from the one that waits outwards, as Symbols::name_of() tells them.
Wait wait_of(const std::vector<std::string>& names);

/// What the world is stopped or started for by the function with these names on its stack; "" where they are
/// no such function's.
std::string reason_of_stop(const std::vector<std::string>& names);

/// Whether the function that wakes lets a stopped world go on.
bool starts_the_world(const std::vector<std::string>& names);

/// Whether a function of that name stops the world, starts it, or may wait for it.
bool is_of_world(std::string_view name);

/// The stack as people read it: without what parks, spins and takes any lock, "_PyDict_SetItem_Take2 <
/// dict_ass_sub < …". An unknown function is "?".
std::vector<std::string> shown_stack(const std::vector<std::string>& names);

}  // namespace harness::lock_trace
