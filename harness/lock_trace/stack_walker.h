// harness/lock_trace/stack_walker.h: call stacks, so cheaply that every park can have its own.
//
// At a given call in a function the distance from the stack pointer to the caller's is the same each time,
// unless the function makes room on the stack as it runs (alloca). So DWARF need be asked but once for each
// such place: _Unwind_Backtrace() of libgcc walks a stack that holds an unknown one, and the distances are
// kept. From then on a frame is one look into a table and one load. libgcc neither locks nor allocates there
// where it finds its tables by glibc's _dl_find_object() (glibc 2.35 with GCC 12, and later).
//
// What was learned is checked: now and then both ways are walked, and a place whose distance was another one
// is asked anew each time. All that takes longer has a budget, a part of the wall time; once it is spent a
// stack ends at the first place that is not known.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "harness/lock_trace/stack_table.h"

namespace harness::lock_trace {

/// How the stacks of a process came about.
struct WalkCounts {
  std::uint64_t unwound = 0;    ///< by DWARF, to learn or to check
  std::uint64_t cut = 0;        ///< ended where the budget was spent
  std::uint64_t corrected = 0;  ///< what was learned was wrong
};

/// A constinit global of its trace.
class StackWalker {
 public:
  constexpr StackWalker() = default;
  StackWalker(const StackWalker&) = delete;
  StackWalker& operator=(const StackWalker&) = delete;

  /// Loads what the first unwinding would load. Once, before walk().
  static void make_ready() noexcept;

  /// Begins the budget: from now on all threads together may unwind with the CPU time of one core for
  /// kBudget_percent of the time that passes, and for kFirst_ns besides, since the first stacks are all new.
  void begin_budget() noexcept;
  static constexpr std::int64_t kBudget_percent = 1;
  static constexpr std::int64_t kFirst_ns = 2'000'000;

  /// The stack of the calling thread, from the place in CPython's code whose return address is `address`, to
  /// the eval loop or out of CPython's code. `stack` is the stack pointer there, __builtin_dwarf_cfa() of the
  /// function that it calls. In any thread.
  void walk(std::uintptr_t address, std::uintptr_t stack, Frames& frames) noexcept;

  WalkCounts counts() const noexcept;

 private:
  /// How far a frame's caller's stack pointer is from its own, by its return address.
  struct Step {
    std::atomic<std::uintptr_t> address{0};
    std::atomic<std::int64_t> distance{0};  ///< 0: not known yet; -1: not always the same
  };
  static constexpr std::size_t kSteps = 4096;

  Step* find(std::uintptr_t address) noexcept;
  void learn(std::uintptr_t address, std::int64_t distance) noexcept;
  bool follow(std::uintptr_t address, std::uintptr_t stack, Frames& frames) noexcept;
  void unwind(std::uintptr_t address, std::uintptr_t stack, Frames& frames) noexcept;
  bool is_spent() const noexcept;

  std::array<Step, kSteps> steps_{};
  std::atomic<std::int64_t> begin_ns_{0};
  std::atomic<std::int64_t> spent_ns_{0};
  std::atomic<std::uint64_t> unwound_{0};
  std::atomic<std::uint64_t> cut_{0};
  std::atomic<std::uint64_t> corrected_{0};
};

}  // namespace harness::lock_trace
