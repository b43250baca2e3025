// harness/lock_trace/watched_code.h: where in this process the code of CPython is.
//
// Others call the same functions as CPython's locks do: OpenMP yields, OpenCV's threads wait for semaphores.
// What counts is who calls. A global, because the callers of the hook have no argument for it.
#pragma once

#include <cstdint>
#include <string>

namespace harness::lock_trace {

/// The file that CPython's code was loaded from, and where to.
struct WatchedCode {
  std::string file;         ///< a libpython, or an executable that holds one
  std::uintptr_t base = 0;  ///< what is added to the addresses in the file
};

/// Functions of a CPython, each null where it is not exported.
struct WatchedFunctions {
  const void* any = nullptr;      ///< that every CPython exports
  const void* eval = nullptr;     ///< _PyEval_EvalFrameDefault, at which call stacks end
  const void* release = nullptr;  ///< PyThread_release_lock, which posts whether anybody waits or not
};

/// Has the hook look at calls by the file that `functions.any` is in. Empty where that is not found. Before
/// anything is recorded.
WatchedCode watch_code_of(const WatchedFunctions& functions);

namespace detail {

struct CodeRange {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;

  bool has(std::uintptr_t address) const { return address - begin < end - begin; }
};

/// Read by every call of the functions that are hooked, written once before the first recording.
struct WatchedRanges {
  CodeRange code;
  CodeRange eval;
  CodeRange release;
};
alignas(128) inline constinit WatchedRanges watched_ranges{};

}  // namespace detail
}  // namespace harness::lock_trace
