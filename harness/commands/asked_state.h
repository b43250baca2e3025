// harness/commands/asked_state.h: whether what PYTHON_GIL and PYTHON_JIT ask for is what the interpreter
// does.
#pragma once

#include "harness/cli/options.h"
#include "harness/embed/api.h"
#include "harness/interpreter/interpreter.h"

namespace harness {

/// Before the interpreter starts, which would otherwise end the process with a message of its own. Throws
/// UserError.
void check_asked_gil(const Options& options, const Interpreter& interpreter);

/// Throws UserError where the environment asks for a state that the interpreter, now started, is not in: a
/// setting that did not take effect would make a wrong column.
void check_asked_state(const Options& options, const embed::Facts& python);

}  // namespace harness
