// harness/guest/handover.cpp: the host's words to the guest, as an argv.
#include "harness/guest/handover.h"

#include <iterator>
#include <string_view>

#include "harness/interpreter/version.h"

namespace harness {
namespace {

// Where the guest is not let in, this is what the executable runs, as `python3 -c`.
constexpr const char* kNotLetIn = R"python(
import sys
print(f"harness: --python={sys.executable}: its executable preloads nothing (a set-user-ID bit, or file capabilities?),",
      "so harness cannot be a guest in it: name a CPython without them, or one with a shared libpython", file=sys.stderr)
sys.exit(2)
)python";

constexpr std::size_t kOwnWords = 8;  // before the host's argv

// The kind of build, in the letters of CPython's ABI flags.
constexpr char kFreeThreaded = 't';
constexpr char kDebug = 'd';

std::string kind_of(const Interpreter& interpreter) {
  std::string kind;
  if (interpreter.free_threaded) kind += kFreeThreaded;
  if (interpreter.debug) kind += kDebug;
  return kind;
}

Interpreter interpreter_of(const std::string& executable, const std::string& libpython,
                           const std::string& version, const std::string& kind) {
  Interpreter interpreter;
  interpreter.executable = executable;
  interpreter.libpython = libpython;
  interpreter.guest = true;
  interpreter.implementation = "cpython";
  interpreter.version = version;
  std::string_view rest;
  const auto numbers = leading_version(version, rest);
  interpreter.major = numbers ? numbers->major : 0;
  interpreter.minor = numbers ? numbers->minor.value_or(0) : 0;
  interpreter.free_threaded = kind.find(kFreeThreaded) != std::string::npos;
  interpreter.debug = kind.find(kDebug) != std::string::npos;
  return interpreter;
}

}  // namespace

std::vector<std::string> to_argv(const Handover& handover) {
  const Interpreter& interpreter = handover.interpreter;
  std::vector<std::string> argv{interpreter.executable,
                                "-c",
                                kNotLetIn,
                                handover.program,
                                interpreter.executable,
                                interpreter.libpython,
                                interpreter.version,
                                kind_of(interpreter)};
  argv.insert(argv.end(), handover.arguments.begin(), handover.arguments.end());
  return argv;
}

std::optional<Handover> from_argv(const std::vector<std::string>& argv) {
  if (argv.size() <= kOwnWords || argv[1] != "-c" || argv[2] != kNotLetIn) return std::nullopt;
  return Handover{.program = argv[3],
                  .interpreter = interpreter_of(argv[4], argv[5], argv[6], argv[7]),
                  .arguments = {std::next(argv.begin(), kOwnWords), argv.end()}};
}

}  // namespace harness
