// harness/tracer/culprit.h: of a stack, the function that people would name.
#pragma once

#include <string>
#include <vector>

namespace harness::tracer {

/// "sleep" and "_planted.so"; the library is "" for CPython's own code, and both where nobody has a name.
struct Culprit {
  std::string function = {};
  std::string library = {};

  bool operator==(const Culprit&) const = default;
};

/// The function that runs Python code: who kept the GIL where it was no native function.
inline constexpr const char* kPythonCode = "_PyEval_EvalFrameDefault";

/// Who kept the GIL, by the functions from the innermost outwards, as ProgramSites::names_of() tells them:
/// the function that the eval loop called, and not what CPython calls every function by. Of one that was
/// blocked in a system call the stack was not unwound but read, so that what is far out may be old: the
/// innermost function that is not the C library's.
Culprit culprit_of(const std::vector<std::string>& names, bool is_blocked);

}  // namespace harness::tracer
