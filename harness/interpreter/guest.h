// harness/interpreter/guest.h: whether harness can run as a guest in an interpreter's executable.
#pragma once

#include "harness/interpreter/interpreter.h"

namespace harness {

/// The same interpreter with harness as a guest in its executable, which has CPython's code in it or loads
/// the libpython itself. Unusable, with the reason but without a mend, where that cannot be: the executable
/// is no program of this C library's, or exports nothing that the embedding could call.
Interpreter as_guest(Interpreter interpreter);

}  // namespace harness
