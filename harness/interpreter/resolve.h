// harness/interpreter/resolve.h: from what the user writes as --python=SPEC to one interpreter.
#pragma once

#include <string>

#include "harness/error.h"
#include "harness/interpreter/interpreter.h"
#include "harness/interpreter/search_paths.h"

namespace harness {

/// How much must be known of an interpreter.
enum class Facts {
  /// Everything: an executable that belongs to it is run once, which costs a start of that Python.
  kAll,
  /// What its files tell: version, kind of build, libpython, and the executable that by place and name
  /// belongs to it, unasked. The default and a SPEC that is a libpython then need no child process. Any other
  /// SPEC costs the same as kAll, because only running an executable tells what it is.
  kFromFiles,
};

/// The interpreter that `spec` means:
/// - empty: the default libpython;
/// - a version (3, 3.13, 3.13.0, 3.13t): the first usable one on PATH (python3.13 before python3), else in
///   pyenv's folders, else in uv's, else among the system's libpythons; in the folders the newest first. With
///   "t" only a free-threaded build will do, without it only one that has a GIL;
/// - a path, or the name of a file in the current folder: that executable or libpython*.so;
/// - any other name: that command on PATH;
/// - guest: and one of these: its executable, with harness as a guest in it, also where it has a libpython.
/// Throws UserError, which names --python=SPEC, what is wrong, and the mend.
Interpreter resolve_interpreter(const std::string& spec, const SearchPaths& paths, Facts facts = Facts::kAll);

}  // namespace harness
