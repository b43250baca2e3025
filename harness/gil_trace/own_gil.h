// harness/gil_trace/own_gil.h: the GIL of an interpreter that is not the main one.
#pragma once

#include <functional>
#include <optional>

#include "harness/gil_trace/event.h"

namespace harness::gil_trace {

/// As long as it lives, the GIL's events are recorded. To be destroyed before the interpreter ends, since
/// another may get its memory. From any thread, also while others make theirs.
class OwnGil {
 public:
  /// Learns it, as learn_gil() has it.
  OwnGil(const std::function<void()>& detach, const std::function<void()>& attach);
  ~OwnGil();
  OwnGil(const OwnGil&) = delete;
  OwnGil& operator=(const OwnGil&) = delete;

  /// Whether there is a GIL of which nothing is recorded.
  bool is_missed() const { return missed_; }

 private:
  std::optional<GilId> gil_;  // nothing where there is none, or no hook
  bool missed_ = false;
};

}  // namespace harness::gil_trace
