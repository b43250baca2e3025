// harness/guest/handover.cpp: the host's words to the guest, as an argv.
#include "harness/guest/handover.h"

#include <span>

#include "harness/interpreter/found.h"

namespace harness {
namespace {

// Where the guest is not let in, this is what the executable runs, as `python3 -c`.
constexpr const char* kNotLetIn = R"python(
import sys
print(f"harness: --python={sys.executable}: its executable preloads nothing (a set-user-ID bit, or file capabilities?),",
      "so harness cannot be a guest in it: name a CPython without them, or one with a shared libpython", file=sys.stderr)
sys.exit(2)
)python";

// Before the interpreter's and the host's argv.
constexpr std::size_t kOwnWords = 4;

}  // namespace

std::vector<std::string> to_argv(const Handover& handover) {
  std::vector<std::string> argv{handover.interpreter.executable, "-c", kNotLetIn, handover.program};
  for (const auto& words : {words_of(handover.interpreter), handover.arguments}) {
    argv.insert(argv.end(), words.begin(), words.end());
  }
  return argv;
}

std::optional<Handover> from_argv(const std::vector<std::string>& argv) {
  constexpr std::size_t kBeforeArguments = kOwnWords + kInterpreterWords;
  if (argv.size() <= kBeforeArguments || argv[1] != "-c" || argv[2] != kNotLetIn) return std::nullopt;
  const std::span words(argv);
  Handover handover{.program = argv[3],
                    .interpreter = interpreter_of(words.subspan<kOwnWords, kInterpreterWords>()),
                    .arguments = {argv.begin() + kBeforeArguments, argv.end()}};
  handover.interpreter.guest = true;
  return handover;
}

}  // namespace harness
