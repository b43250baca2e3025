// harness/strategies/native_execution.h: an execution whose members run native code.
#pragma once

#include <string>
#include <vector>

#include "harness/strategies/attached_execution.h"

namespace harness {

/// Whether the GIL is released around native code.
enum class Gil { released, held };

/// Runs native code on the whole job, after Py_BEGIN_ALLOW_THREADS where the GIL is to be released, and
/// records when each member did.
class NativeExecution : public AttachedExecution {
 public:
  /// `name`: the strategy's, which the regions have.
  NativeExecution(const Stage& stage, std::string name, Gil gil);

  std::string_view subject() const override { return "the kernel"; }
  void enter(int member, Slice slice) override;
  embed::Integer run(int member) final;
  std::vector<trace::NamedSpan> regions() const final;

 protected:
  /// The member's slice; its result, 0 where there is none. Throws ExperimentError.
  virtual embed::Integer run_native(int member) = 0;

 private:
  /// When a member ran native code, CLOCK_MONOTONIC; both 0 where it has not.
  struct Region {
    std::int64_t begin_ns = 0;
    std::int64_t end_ns = 0;
    std::int64_t os_id = 0;
  };

  embed::Integer run_recorded(int member);

  const std::string name_;
  const Gil gil_;
  std::vector<Region> regions_;
};

}  // namespace harness
