// harness/compare/merge.h: one comparison out of the parts that ran on several machines.
#pragma once

#include <map>
#include <string>

#include "harness/compare/comparison.h"
#include "harness/compare/parts.h"
#include "harness/report/context.h"

namespace harness {

struct MergedComparison {
  Comparison comparison;                ///< with what is missing of it, its warnings and its contexts
  std::size_t processes = 0;            ///< that it rests on
  bool failed = false;                  ///< a process failed as a whole
  std::map<std::string, int> warnings;  ///< what processes warned of, up to its ":", and how many
  /// Of each of the plan's interpreters that of the first process with a result; empty where there is none.
  std::vector<Context> contexts;
};

/// Puts the parts' rounds side by side, with the machines as blocks; the same whichever way the parts were
/// given and whenever they ran. Reads the result of each process once, one interpreter's after the other's,
/// several at a time. A result that cannot be read is a failure of its process.
MergedComparison merge_parts(const Parts& parts, const CompareSettings& settings);

}  // namespace harness
