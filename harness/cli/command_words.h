// harness/cli/command_words.h: what the table of commands says of the command line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/parameters/parameter.h"

namespace harness {

struct Options;

/// What a command runs, which decides the flags that mean something to it.
enum class Runs {
  nothing,  ///< it reads files
  stored,   ///< nothing: it compares what has run
  program,  ///< a program on one interpreter; its command line begins with the first word that is no flag
  rows,     ///< rows on one interpreter, or on several, which are compared
  rounds,   ///< rows in a comparison's rounds, of interpreters that it checks itself
};

/// Something that the program can be asked to do, by its first word that is no flag.
struct CommandWords {
  std::string name;
  std::string help;
  std::string operand = {};       ///< "FILE"; "": it takes none
  std::string operand_help = {};  ///< of one
  bool several = false;           ///< takes one operand and more
  Runs runs = Runs::nothing;
  std::vector<Parameter> flags = {};  ///< its own, given behind its name (Options::command_values)
  /// Of a command that runs no rows: the flags of runs and comparisons that mean something to it. The others
  /// are refused.
  std::vector<std::string> shared_flags = {};
  std::string footer = {};    ///< what its --help says below them; "": as everybody's
  bool takes_dashes = false;  ///< takes "--" and words behind it (Options::rest)
  /// The exit status of every error, and of a wrong command line. Absent: 1, and 2.
  std::optional<int> error_status = {};
  /// Checks what was given, and completes it where it was not. Null: there is nothing more to say. Throws
  /// UserError.
  void (*complete)(Options&) = nullptr;
};

/// How many words of the command line are this program's: all, but where they ask for one of `commands` that
/// runs a program, or takes "--".
int own_words(int argc, const char* const* argv, const std::vector<CommandWords>& commands);

/// That of the command that is asked for, as far as one can tell before the command line is parsed: where it
/// is wrong, that decides how this process is to end.
std::optional<int> error_status(int argc, const char* const* argv, const std::vector<CommandWords>& commands);

}  // namespace harness
