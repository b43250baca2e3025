// harness/interpreter/found.h: what one process finds out about an interpreter, for others that run the same.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/interpreter/interpreter.h"

namespace harness {

/// An interpreter, and which bytes its code is.
struct FoundInterpreter {
  Interpreter interpreter;
  std::string
      code_state;      ///< of code_file(), from before it was hashed; differs once it is written or replaced
  std::string sha256;  ///< of code_file()
};

/// Hashes the code of an interpreter that is usable. Throws std::system_error where it cannot be read.
FoundInterpreter hashed(Interpreter interpreter);

/// It in words that found_in() understands on this machine.
std::vector<std::string> words_of(const FoundInterpreter& found);

/// What the words say: of the interpreter what Facts::kFromFiles tells. Nothing where the file of its code is
/// not as it was when it was hashed, or where these are other words: all is then to be found out again.
std::optional<FoundInterpreter> found_in(const std::vector<std::string>& words);

/// The files, the version and the kind of build of a CPython, in words; nothing else of it.
inline constexpr std::size_t kInterpreterWords = 4;
std::vector<std::string> words_of(const Interpreter& interpreter);

/// Undoes words_of().
Interpreter interpreter_of(std::span<const std::string, kInterpreterWords> words);

}  // namespace harness
