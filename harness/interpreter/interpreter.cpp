// harness/interpreter/interpreter.cpp: interpreters in words.
#include "harness/interpreter/interpreter.h"

#include <system_error>
#include <utility>

namespace harness {

std::string version_name(const Interpreter& interpreter) {
  return interpreter.version + (interpreter.free_threaded ? "t" : "");
}

std::filesystem::path code_file(const Interpreter& interpreter) {
  std::error_code error;
  if (!interpreter.libpython.empty()) return interpreter.libpython;
  return std::filesystem::weakly_canonical(interpreter.executable, error);
}

std::string describe(const Interpreter& interpreter) {
  std::string line = interpreter.version.empty() ? "Python ?" : "Python " + interpreter.version;
  if (!interpreter.version.empty()) line += interpreter.free_threaded ? ", free-threaded" : ", GIL";
  if (interpreter.debug) line += ", debug build";
  if (interpreter.guest) line += ", harness as guest";
  if (!interpreter.libpython.empty()) line += ", " + interpreter.libpython.string();
  if (!interpreter.executable.empty()) line += ", " + interpreter.executable.string();
  if (!interpreter.usable()) line += "; not usable: " + interpreter.unusable;
  return line;
}

std::string why_unsupported(const Interpreter& interpreter) {
  static const std::string kNeeded = "harness needs CPython " + std::to_string(kOldestMajor) + "." +
                                     std::to_string(kOldestMinor) + " or newer";
  if (interpreter.implementation != "cpython") {
    return "it is " + interpreter.implementation + " " + interpreter.version + ", not CPython: " + kNeeded;
  }
  if (std::pair(interpreter.major, interpreter.minor) < std::pair(kOldestMajor, kOldestMinor)) {
    return "it is Python " + interpreter.version + ", which is too old: " + kNeeded;
  }
  return {};
}

}  // namespace harness
