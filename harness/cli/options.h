// harness/cli/options.h: what the user asked for. The only reader of argv and of the environment.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/cli/command_words.h"
#include "harness/cli/compare_options.h"
#include "harness/cli/environment.h"
#include "harness/cli/python_spec.h"
#include "harness/parameters/parameter.h"

namespace harness {

// Formats of standard output that are more than a report written whole (Vocabulary::formats).
inline constexpr const char* kConsole = "console";  ///< rows as they finish
inline constexpr const char* kGbench = "gbench";    ///< likewise, in Google Benchmark's own wide table
inline constexpr const char* kJson = "json";        ///< what is in the file

// Where the code of scripts comes from (Options::code).
inline constexpr const char* kPyc = "pyc";  ///< a .pyc: every time but the first that a module is imported
inline constexpr const char* kSource = "source";  ///< import has just compiled it: the first time

/// Of a standard output that is no terminal, in columns.
inline constexpr std::size_t kNoTerminalWidth = 100;

/// Begins each of the words by which a comparison tells its processes what it knows of their interpreter.
inline constexpr std::string_view kFoundFlag = "--found=";
inline constexpr std::string_view kLibraryFactsFlag = "--library-facts=";

struct Options {
  std::string command;                          ///< of Vocabulary::commands
  std::vector<std::filesystem::path> operands;  ///< of the command
  ParameterValues command_values;               ///< of the command's own flags
  /// The words that are not this program's: of a program that the command runs, or "--" and what is behind
  /// it.
  std::vector<std::string> rest;
  bool list = false;          ///< of `run`: list the rows instead
  bool list_pythons = false;  ///< of `run`: list the interpreters instead
  bool compares = false;      ///< of `run`: several interpreters, or --resume
  /// Where there is none: all rows but those on request, and of the user's workloads only, where there are
  /// any.
  std::optional<std::string> filter;
  std::vector<std::filesystem::path> workloads;  ///< the user's files, as they were given
  /// Rows run in the order that it makes; where there is none, in that of --list.
  std::optional<std::uint32_t> shuffle_seed;
  std::vector<int> threads;  ///< ascending, no repeats, each 1..kMaxThreads
  int repetitions = 3;
  double min_time_s = 0.3;  ///< of each repetition
  ParameterValues values;   ///< of the workloads' parameters
  std::vector<PythonSpec>
      pythons;               ///< one to run, several to compare; may be none with --python=all or --resume
  bool all_pythons = false;  ///< --python=all: every one that is found
  std::optional<bool> asked_gil;  ///< by PYTHON_GIL: what sys._is_gil_enabled() must then say
  std::optional<bool> asked_jit;  ///< by PYTHON_JIT: likewise
  std::optional<double> switch_interval_s;
  std::optional<double> patience_s;  ///< with workers that compute nothing
  std::string code = kPyc;
  std::filesystem::path cache;    ///< for what is built on demand; empty: nowhere
  std::filesystem::path scripts;  ///< empty: the program's own
  std::filesystem::path out;      ///< empty: results/<UTC time>-<python version>
  bool pictures = true;           ///< write the images into that folder
  bool pin = false;               ///< bind the threads of each experiment to physical cores
  bool gil_trace = true;
  bool lock_trace = true;
  std::filesystem::path gil_trace_file;  ///< timeline to write; empty: none
  std::string format = kConsole;
  /// Of the console, by the names that result.json has, or in a comparison comparison.csv; none: the default.
  std::vector<std::string> columns;
  std::size_t width = kNoTerminalWidth;  ///< of standard output, in columns
  bool color_output = false;             ///< decided from --color, NO_COLOR, TERM and the terminal
  bool accounts = false;                 ///< the console draws them; decided from --account and the terminal
  std::vector<std::string> benchmark_flags;
  /// OMP_*, GOMP_*, PYTHON*, GLIBC_TUNABLES and MALLOC_*, which OpenMP, CPython and glibc read themselves, as
  /// far as a row may depend on them.
  Variables environment;
  Variables whole_environment;         ///< as this process began with it; each name once
  std::vector<std::string> arguments;  ///< argv as it came
  std::string command_line;            ///< as it could be typed again

  CompareOptions compare;
  /// Every flag that was given, as --name=value, in an order that does not depend on the user's.
  std::vector<std::string> given_flags;
  /// Those among them that say what is run and how, and the thread counts: what a comparison's processes get.
  std::vector<std::string> work_flags;
  pid_t parent = 0;  ///< the process to end with; 0: none
  /// Whether this process is the one that an isolated row has to itself, so that the row is run here.
  bool isolated = false;
  /// Whether this process takes turns with others, by the descriptor that it has inherited.
  bool turns = false;
  bool ceilings = true;  ///< time what memory allows beside each row; a comparison has no use for it
  /// What a comparison has found out about the interpreter, for its processes: the words of kFoundFlag, in
  /// order. They are no part of the command line that can be typed again.
  std::vector<std::string> found;
  /// Likewise about the libraries of the kernels: the words of kLibraryFactsFlag.
  std::vector<std::string> library_facts;

  /// Variables of a single --python that the environment does not have yet: the program is to start itself
  /// again with them, since some are read before main().
  std::vector<std::pair<std::string, std::string>> environment_to_set;

  /// Whether a flag of that name was given, of those that are not the command's own.
  bool was_given(std::string_view flag) const;
};

/// The words in one line, as they could be typed into a shell.
std::string typed(const std::vector<std::string>& words);

/// What parsing came to: options, or a text to print on standard output before exit 0 (--help, --version).
struct Parsed {
  Options options;
  std::string text;
};

/// What the command line can be about.
struct Vocabulary {
  std::vector<CommandWords> commands;  ///< the first is what no command means; at least one
  std::vector<std::string> workloads;
  std::vector<std::pair<std::string, std::string>> strategies;  ///< with their summaries
  std::vector<Parameter> parameters;                            ///< of the workloads
  std::vector<std::string> formats;                             ///< of reports
  std::vector<std::string> on_request =
      {};  ///< workloads and strategies whose rows run only where a filter takes them
};

/// `allowed_cores` is what --threads defaults to, besides 1, 2 and 4. Throws UserError.
Parsed parse_options(int argc, const char* const* argv, int allowed_cores, const Vocabulary& vocabulary);

}  // namespace harness
