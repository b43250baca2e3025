// harness/commands/asked_state.cpp: whether what PYTHON_GIL and PYTHON_JIT ask for is what the interpreter
// does.
#include "harness/commands/asked_state.h"

#include "harness/commands/out_folder.h"
#include "harness/error.h"

namespace harness {

void check_asked_gil(const Options& options, const Interpreter& interpreter) {
  if (options.asked_gil.value_or(true) || interpreter.free_threaded) return;
  throw UserError(
      "PYTHON_GIL=0: CPython " + version_name(interpreter) +
      " is built with a GIL that cannot be turned off; choose a free-threaded one, such as 3.13t");
}

void check_asked_state(const Options& options, const embed::Facts& python) {
  const auto refuse = [&](const std::string& variable, bool asked, const std::string& is) {
    throw UserError(variable + "=" + (asked ? "1" : "0") + " did not take effect: " + is + " in CPython " +
                    short_version(python) + "; unset it, or choose an interpreter that has the setting");
  };
  if (options.asked_gil && *options.asked_gil != python.gil_enabled) {
    refuse("PYTHON_GIL", *options.asked_gil, python.gil_enabled ? "the GIL is on" : "the GIL is off");
  }
  if (options.asked_jit && python.jit != "unknown" && *options.asked_jit != (python.jit == "on")) {
    refuse("PYTHON_JIT", *options.asked_jit,
           "the JIT is " + (python.jit == "none" ? "not built" : python.jit));
  }
}

}  // namespace harness
