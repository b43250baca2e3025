// harness/embed/interpreter_start.h: starting CPython, which differs between its versions.
#pragma once

#include <string>

namespace harness::embed {

/// Starts the interpreter with `program` as its executable, from which CPython derives its prefix, sys.path
/// and virtual environment as it does when that executable is run; the environment (PYTHONPATH, PYTHON_GIL,
/// …) counts as it does there, too. No signal handlers are installed. Throws UserError.
void start_interpreter(const std::string& program);

}  // namespace harness::embed
