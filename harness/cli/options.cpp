// harness/cli/options.cpp: what the user asked for, by CLI11.
#include "harness/cli/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <limits>
#include <memory>
#include <set>
#include <span>
#include <string_view>

#include "harness/build_info.h"
#include "harness/cli/command_help.h"
#include "harness/cli/environment.h"
#include "harness/cli/flags.h"
#include "harness/cli/help.h"
#include "harness/cli/terminal.h"
#include "harness/error.h"
#include "harness/parameters/values.h"

namespace harness {
namespace {

constexpr std::string_view kPassedOn = "--benchmark_";

/// Every value of `option` as --name=value, or --name where it takes none.
std::vector<std::string> given_values(const CLI::Option& option) {
  if (option.get_items_expected_max() == 0) return {option.get_name()};
  std::vector<std::string> flags;
  for (const std::string& value : option.results()) flags.push_back(option.get_name() + "=" + value);
  return flags;
}

ParameterValues values_of(const CLI::App& app, const std::vector<Parameter>& parameters) {
  ParameterValues values(parameters);
  for (const Parameter& parameter : parameters) {
    const CLI::Option* const option = app.get_option(parameter.flag);
    if (option->count() > 0) values.give(parameter.flag, option->results());
  }
  return values;
}

/// The one that was named, else the first.
const CommandWords& command_of(const CLI::App& app, const std::vector<CommandWords>& commands) {
  const auto named = std::ranges::find_if(
      commands, [&](const CommandWords& command) { return app.got_subcommand(command.name); });
  return named == commands.end() ? commands.front() : *named;
}

void take_given_flags(const CLI::App& app, Options& options) {
  // What a comparison decides for its processes itself.
  static const std::set<std::string> kDecided{"--python", "--list-pythons", "--list", "--threads"};
  // What they would be by default depends on the machine.
  std::string threads = "--threads=";
  for (const int count : options.threads) {
    threads += (count == options.threads.front() ? "" : ",") + std::to_string(count);
  }
  options.work_flags = {threads};
  for (const CLI::Option* const option : app.get_options()) {
    if (option->count() == 0) continue;
    const std::vector<std::string> flags = given_values(*option);
    options.given_flags.insert(options.given_flags.end(), flags.begin(), flags.end());
    if (!is_work(*option) || kDecided.contains(option->get_name())) continue;
    options.work_flags.insert(options.work_flags.end(), flags.begin(), flags.end());
  }
  for (auto* const flags : {&options.given_flags, &options.work_flags}) {
    flags->insert(flags->end(), options.benchmark_flags.begin(), options.benchmark_flags.end());
  }
}

std::vector<int> default_threads(int allowed_cores) {
  const std::set<int> counts{1, 2, 4, std::min(allowed_cores, kMaxThreads)};
  return {counts.begin(), counts.end()};
}

/// Those of a single interpreter's variables that the environment does not have.
std::vector<std::pair<std::string, std::string>> environment_to_set(const PythonSpec& python) {
  auto variables = python.environment;
  std::erase_if(variables, [](const auto& variable) {
    const char* const value = std::getenv(variable.first.c_str());
    return value != nullptr && value == variable.second;
  });
  return variables;
}

/// Which interpreters, and whether they are run or compared.
void take_pythons(const FlagTexts& texts, Runs runs, Options& options) {
  options.compare = take_compare_values(texts.compare);
  options.all_pythons = texts.pythons == std::vector<std::string>{"all"};
  if (!options.all_pythons) options.pythons = parse_python_specs(texts.pythons);
  for (const PythonSpec& python : options.pythons) {
    if (python.spec == "all")
      throw UserError("--python=" + python.text + ": all goes with no other --python");
  }
  options.asked_gil = asked_by("PYTHON_GIL");
  options.asked_jit = asked_by("PYTHON_JIT");
  if (runs == Runs::rounds) return;
  options.compares = options.pythons.size() > 1 || options.all_pythons || !options.compare.resume.empty();
  if (options.compares) {
    if (!options.gil_trace_file.empty()) {
      throw UserError("--gil-trace: each process would write it anew; give one --python");
    }
  } else if (const std::string flag = texts.compare.flag_of_comparing();
             !flag.empty() && runs == Runs::rows) {
    throw UserError(flag +
                    ": it is about comparing interpreters; give several --python, or `harness compare`");
  }
  const bool runs_rows = runs == Runs::rows && !options.list && !options.list_pythons && !options.compares;
  if (runs_rows || runs == Runs::program || options.list) {
    if (options.pythons.empty()) options.pythons = {parse_python_spec("")};
    options.environment_to_set = environment_to_set(options.pythons.front());
  }
}

void take_values(const FlagTexts& texts, int allowed_cores, Runs runs, Options& options) {
  options.threads =
      texts.threads ? parse_threads("--threads", *texts.threads) : default_threads(allowed_cores);
  if (texts.shuffle_rows) {
    options.shuffle_seed = static_cast<std::uint32_t>(
        parse_integer("--shuffle-rows", *texts.shuffle_rows, 0, std::numeric_limits<std::uint32_t>::max()));
  }
  if (texts.repetitions) {
    options.repetitions = static_cast<int>(parse_integer("--repetitions", *texts.repetitions, 1, 1'000'000));
  }
  if (texts.min_time) options.min_time_s = parse_seconds("--min-time", *texts.min_time, 86'400);
  if (texts.switch_interval) {
    options.switch_interval_s = parse_seconds("--switch-interval", *texts.switch_interval, 100);
  }
  if (texts.patience) options.patience_s = parse_seconds("--patience", *texts.patience, 86'400);
  options.cache = cache_folder();
  options.code = texts.code;
  options.scripts = texts.scripts;
  options.out = texts.out;
  options.format = texts.format;
  options.columns = texts.columns;
  options.width = width_of_output();
  options.color_output = color_wanted(texts.color);
  options.accounts = accounts_wanted(texts.account);
  options.list_pythons = texts.list_pythons;
  options.list = texts.list;
  options.gil_trace = !texts.no_gil_trace;
  options.lock_trace = !texts.no_lock_trace;
  options.gil_trace_file = texts.gil_trace_file;
  options.pictures = !texts.no_pictures;
  options.pin = texts.pin;
  options.parent = static_cast<pid_t>(texts.parent);
  options.turns = texts.turns;
  options.isolated = texts.isolated;
  options.ceilings = !texts.no_ceilings && (options.isolated || options.parent == 0);
  take_pythons(texts, runs, options);
}

/// `word` so that a shell reads it back as one word.
std::string quoted(const std::string& word) {
  constexpr const char* kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=./:,@%+";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string result = "'";
  for (const char c : word) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

/// CLI11's own wording, with our hint.
std::string worded(const CLI::ParseError& error) {
  std::string message = error.what();
  if (const auto end = message.find_last_not_of(" \n"); end != std::string::npos) message.resize(end + 1);
  return message + "; --help lists the flags";
}

std::string version_text() {
  return "harness " HARNESS_VERSION " (" HARNESS_COMMIT ")";
}

/// Whether `word` begins with `flag`, of which `values` then gets what is behind it.
bool takes_value(const std::string& word, std::string_view flag, std::vector<std::string>& values) {
  if (!word.starts_with(flag)) return false;
  values.push_back(word.substr(flag.size()));
  return true;
}

/// The words that CLI11 is to parse, the last first, as it takes them. Notes all in `options`, and takes
/// those that are not for CLI11. Throws UserError.
std::vector<std::string> words_of(std::span<const char* const> argv, Options& options) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < argv.size(); ++i) {
    const std::string word = argv[i];
    options.arguments.push_back(word);
    if (i == 0) {
      options.command_line = quoted(word);
      continue;
    }
    if (takes_value(word, kFoundFlag, options.found)) continue;
    if (takes_value(word, kLibraryFactsFlag, options.library_facts)) continue;
    options.command_line += " " + quoted(word);
    if (word.starts_with("--benchmark_format")) {
      throw UserError(word + ": the report is this program's own; use --format=console, json or csv");
    }
    if (word.starts_with("--") && !word.starts_with(kPassedOn) && word.ends_with('=')) {
      // CLI11 would take the next word for the value.
      throw UserError(word + ": the value is missing; --help lists the flags");
    }
    (word.starts_with(kPassedOn) ? options.benchmark_flags : words).push_back(word);
  }
  std::ranges::reverse(words);
  return words;
}

/// What --help or --version prints; "": neither was given. Throws UserError.
std::string text_of_parsing(CLI::App& app, std::vector<std::string> words) {
  try {
    app.parse(words);
  } catch (const CLI::CallForHelp&) {
    return app.help();  // of the command, where there is one
  } catch (const CLI::CallForVersion&) {
    return version_text() + "\n";
  } catch (const CLI::ParseError& error) {
    throw UserError(worded(error));
  }
  return "";
}

/// Throws UserError where a flag was given that means nothing to the command.
void check_meanings(const CLI::App& app, const CommandWords& command, const Options& options) {
  std::string flag = flag_without_meaning(app, command);
  const bool runs_rows = command.runs == Runs::rows || command.runs == Runs::rounds;
  if (flag.empty() && !runs_rows && !options.benchmark_flags.empty()) {
    flag = options.benchmark_flags.front().substr(0, options.benchmark_flags.front().find('='));
  }
  if (flag.empty()) return;
  const std::string what = command.runs == Runs::program  ? " runs a program, and no rows"
                           : command.runs == Runs::stored ? " reads stored runs and runs nothing"
                                                          : " reads files and runs nothing";
  throw UserError(flag + ": harness " + command.name + what + "; leave it out");
}

/// What was parsed, as options. `rest`: the words that are not this program's own.
void take(const CLI::App& app, const FlagTexts& texts, int allowed_cores, const Vocabulary& vocabulary,
          std::span<const char* const> rest, Options& options) {
  if (options.filter && options.filter->starts_with("--")) {
    throw UserError(
        "--filter: give a regular expression, for instance --filter=grayscale; --help lists the flags");
  }
  const CommandWords& command = command_of(app, vocabulary.commands);
  options.command = command.name;
  check_meanings(app, command, options);
  options.operands.assign(texts.operands.begin(), texts.operands.end());
  options.values = values_of(app, vocabulary.parameters);
  take_values(texts, allowed_cores, command.runs, options);
  options.command_values = values_of(*app.get_subcommand(command.name), command.flags);
  options.rest.assign(rest.begin(), rest.end());
  for (const std::string& word : options.rest) options.command_line += " " + quoted(word);
  options.whole_environment = read_environment();
  std::ranges::copy_if(options.whole_environment, std::back_inserter(options.environment),
                       [](const auto& variable) { return is_measured(variable.first); });
  take_given_flags(app, options);
  if (command.complete != nullptr) command.complete(options);
}

}  // namespace

std::string typed(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + quoted(word);
  return line;
}

bool Options::was_given(std::string_view flag) const {
  return std::ranges::any_of(given_flags, [&](const std::string& given) {
    return given.starts_with(flag) && (given.size() == flag.size() || given[flag.size()] == '=');
  });
}

Parsed parse_options(int argc, const char* const* argv, int allowed_cores, const Vocabulary& vocabulary) {
  Parsed parsed;
  Options& options = parsed.options;
  const auto own = static_cast<std::size_t>(own_words(argc, argv, vocabulary.commands));
  const std::span<const char* const> all(argv, static_cast<std::size_t>(argc));
  std::vector<std::string> words = words_of(all.first(own), options);

  CLI::App app(help_description(), "harness");
  app.footer(help_footer(vocabulary));
  app.set_version_flag("--version", version_text());
  app.formatter(std::make_shared<CommandHelp>(vocabulary.commands));
  app.get_formatter()->column_width(34);
  FlagTexts texts;
  add_flags(app, options, vocabulary, texts);
  add_commands(app, vocabulary.commands, texts);
  parsed.text = text_of_parsing(app, std::move(words));
  if (parsed.text.empty()) take(app, texts, allowed_cores, vocabulary, all.subspan(own), options);
  return parsed;
}

}  // namespace harness
