// harness/cli/command_words.cpp: which command the words ask for, before they are parsed.
#include "harness/cli/command_words.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace harness {
namespace {

constexpr const char* kDashes = "--";

/// How many words the flag there takes, with its value; 0 where it is none that the command takes.
int flag_words(const CommandWords& command, std::string_view word) {
  const auto takes = [&](std::string_view name) {
    return std::ranges::find(command.shared_flags, name) != command.shared_flags.end() ||
           std::ranges::find(command.flags, name, &Parameter::flag) != command.flags.end();
  };
  if (word == "--help" || word == "-h") return 1;
  if (takes(word)) return 2;
  const std::string_view name = word.substr(0, word.find('='));
  return name != word && takes(name) ? 1 : 0;
}

/// How many words come before the program that the command is to run; all where it is not asked for.
int words_before_program(int argc, const char* const* argv, const CommandWords& command) {
  int at = 1;
  while (at < argc && command.name != argv[at]) {
    const int words = flag_words(command, argv[at]);
    if (words == 0) return argc;
    at += words;
  }
  for (++at; at < argc;) {
    const int words = flag_words(command, argv[at]);
    if (words == 0) return at;
    at += words;
  }
  return argc;
}

int words_before_dashes(int argc, const char* const* argv) {
  int words = 1;
  while (words < argc && std::strcmp(argv[words], kDashes) != 0) ++words;
  return words;
}

/// Whether one of the first `words` is the command's name. It may be the value of a flag: which it is, nobody
/// knows of a command line that is wrong.
bool names(const char* const* argv, int words, const CommandWords& command) {
  for (int i = 1; i < words; ++i) {
    if (command.name == argv[i]) return true;
  }
  return false;
}

int words_before_any_program(int argc, const char* const* argv, const std::vector<CommandWords>& commands) {
  int words = argc;
  for (const CommandWords& command : commands) {
    if (command.runs == Runs::program) words = std::min(words, words_before_program(argc, argv, command));
  }
  return words;
}

}  // namespace

int own_words(int argc, const char* const* argv, const std::vector<CommandWords>& commands) {
  const int before_program = words_before_any_program(argc, argv, commands);
  const int before_dashes = words_before_dashes(argc, argv);
  const bool takes_dashes = std::ranges::any_of(commands, [&](const CommandWords& command) {
    return command.takes_dashes && names(argv, std::min(before_program, before_dashes), command);
  });
  return takes_dashes ? before_dashes : before_program;
}

std::optional<int> error_status(int argc, const char* const* argv,
                                const std::vector<CommandWords>& commands) {
  const int words = std::min(words_before_any_program(argc, argv, commands), words_before_dashes(argc, argv));
  for (const CommandWords& command : commands) {
    if (command.error_status && names(argv, words, command)) return command.error_status;
  }
  return std::nullopt;
}

}  // namespace harness
