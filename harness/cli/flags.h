// harness/cli/flags.h: the flags of the command line, with their help.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/compare_flags.h"
#include "harness/cli/options.h"

namespace harness {

/// The flags as text, before they are checked.
struct FlagTexts {
  std::optional<std::string> threads, shuffle_rows, repetitions, min_time, switch_interval, patience;
  std::map<std::string, std::string> single;                // of parameters and commands' own, by flag
  std::map<std::string, std::vector<std::string>> several;  // of those that may be given several times
  std::string scripts, out, gil_trace_file;
  std::vector<std::string> operands;
  std::vector<std::string> pythons, columns;
  bool no_gil_trace = false;
  bool no_lock_trace = false;
  bool pin = false;
  bool no_pictures = false;
  std::string format = kConsole;
  std::string code = kPyc;
  std::string color = "auto";
  std::string account = "auto";
  bool list = false;
  bool list_pythons = false;
  std::int64_t parent = 0;
  bool isolated = false;
  bool turns = false;
  bool no_ceilings = false;
  CompareTexts compare;
};

/// Adds the flags of a run and of comparing to `app`; `options`, which takes some of them as they are, and
/// `texts` must live as long as it is used.
void add_flags(CLI::App& app, Options& options, const Vocabulary& vocabulary, FlagTexts& texts);

/// Adds the commands with their operands and their own flags. Likewise.
void add_commands(CLI::App& app, const std::vector<CommandWords>& commands, FlagTexts& texts);

/// The name of a flag of runs and comparisons that was given and means nothing to the command; else "".
std::string flag_without_meaning(const CLI::App& app, const CommandWords& command);

/// Whether the flag says what is run and how.
bool is_work(const CLI::Option& flag);

}  // namespace harness
