// harness/gil_trace/learn.h: finds out which condition variables are a GIL's, and whether the hook is there.
#pragma once

#include <functional>
#include <optional>

#include "harness/gil_trace/event.h"

namespace harness::gil_trace {

/// What a few detaches and attaches have shown.
struct LearnedGil {
  enum class Outcome {
    learned,     ///< `gil` is registered
    no_events,   ///< nothing that a GIL would signal: there is none (sys._is_gil_enabled()) or no hook
                 ///< (hook_self_test())
    unclear,     ///< one signal is missing, or there are too many: not a GIL as CPython 3.9 - 3.15 has it
    table_full,  ///< kMaxGils are registered already
  };
  Outcome outcome = Outcome::no_events;
  std::optional<GilId> gil;
};

/// Registers the GIL that `detach` releases and `attach` acquires; its events are recorded from then on. Both
/// are called a few times, in turn, by the calling thread, which holds that GIL before and after. No other
/// thread may want the GIL meanwhile, and one thread learns at a time. Passes on what the functions throw.
LearnedGil learn_gil(const std::function<void()>& detach, const std::function<void()>& attach);

/// Whether pthread_cond_signal(), found as a library loaded from now on would find it, is the interposer's.
/// False where it is not linked in, is not exported, or is left out (ThreadSanitizer has its own). While no
/// other thread learns.
bool hook_self_test();

}  // namespace harness::gil_trace
