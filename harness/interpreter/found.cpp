// harness/interpreter/found.cpp: an interpreter in words, and whether its file is still the one that was
// hashed.
#include "harness/interpreter/found.h"

#include <sys/stat.h>

#include <cstdint>
#include <string_view>
#include <utility>

#include "harness/interpreter/version.h"
#include "harness/system/sha256.h"

namespace harness {
namespace {

// The words before those of the interpreter.
constexpr std::size_t kOwnWords = 2;

// Letters of the kind: CPython's ABI flags, and one for the guest.
constexpr char kFreeThreadedLetter = 't';
constexpr char kDebugLetter = 'd';
constexpr char kGuestLetter = 'g';

/// What changes where a file is written to or another takes its name; empty where there is none. The time of
/// the inode's last change is what no program can set back.
std::string state_of(const std::filesystem::path& file) {
  struct stat state {};
  if (::stat(file.c_str(), &state) != 0) return {};
  const auto text = [](const timespec& time) {
    return std::to_string(time.tv_sec) + "." + std::to_string(time.tv_nsec);
  };
  return std::to_string(state.st_dev) + ":" + std::to_string(state.st_ino) + ":" +
         std::to_string(state.st_size) + ":" + text(state.st_mtim) + ":" + text(state.st_ctim);
}

}  // namespace

std::vector<std::string> words_of(const Interpreter& interpreter) {
  std::string kind;
  if (interpreter.free_threaded) kind += kFreeThreadedLetter;
  if (interpreter.debug) kind += kDebugLetter;
  if (interpreter.guest) kind += kGuestLetter;
  return {interpreter.executable.string(), interpreter.libpython.string(), interpreter.version, kind};
}

Interpreter interpreter_of(std::span<const std::string, kInterpreterWords> words) {
  const auto is = [&](char kind) { return words[3].find(kind) != std::string::npos; };
  Interpreter interpreter;
  interpreter.executable = words[0];
  interpreter.libpython = words[1];
  interpreter.guest = is(kGuestLetter);
  interpreter.implementation = "cpython";
  interpreter.version = words[2];
  std::string_view rest;
  const auto numbers = leading_version(words[2], rest);
  interpreter.major = numbers ? numbers->major : 0;
  interpreter.minor = numbers ? numbers->minor.value_or(0) : 0;
  interpreter.free_threaded = is(kFreeThreadedLetter);
  interpreter.debug = is(kDebugLetter);
  return interpreter;
}

FoundInterpreter hashed(Interpreter interpreter) {
  const std::filesystem::path code = code_file(interpreter);
  // In this order, so that what is written while it is hashed counts as a change.
  std::string state = state_of(code);
  return {
      .interpreter = std::move(interpreter), .code_state = std::move(state), .sha256 = sha256_of_file(code)};
}

std::vector<std::string> words_of(const FoundInterpreter& found) {
  std::vector<std::string> words{found.code_state, found.sha256};
  for (std::string& word : words_of(found.interpreter)) words.push_back(std::move(word));
  return words;
}

std::optional<FoundInterpreter> found_in(const std::vector<std::string>& words) {
  if (words.size() != kOwnWords + kInterpreterWords) return std::nullopt;
  FoundInterpreter found{.interpreter = interpreter_of(std::span(words).last<kInterpreterWords>()),
                         .code_state = words[0],
                         .sha256 = words[1]};
  const std::string state = state_of(code_file(found.interpreter));
  if (state.empty() || state != found.code_state) return std::nullopt;
  return found;
}

}  // namespace harness
