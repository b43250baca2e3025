// harness/cli/flags.cpp: the flags of the command line, with their help.
#include "harness/cli/flags.h"

#include <algorithm>
#include <set>

#include "harness/cli/help.h"

namespace harness {
namespace {

constexpr int kManyOperands = 1'000;

// The groups that --help shows.
constexpr const char* kWhat = "What to run";
constexpr const char* kPython = "The interpreter";
constexpr const char* kWork = "The work";
constexpr const char* kTiming = "Timing";
constexpr const char* kTrace = "The GIL trace";
constexpr const char* kReport = "The report";
constexpr const char* kHidden = "";  // shows none of it

CLI::Option* add_parameter(CLI::App& app, const Parameter& parameter, FlagTexts& texts) {
  CLI::Option* const option =
      parameter.repeats ? app.add_option(parameter.flag, texts.several[parameter.flag], parameter.help)
                              ->take_all()
                              ->allow_extra_args(false)
                        : app.add_option(parameter.flag, texts.single[parameter.flag], parameter.help);
  option->type_name(parameter.value);
  for (const std::string& other : parameter.excludes) option->excludes(other);
  if (!parameter.choices.empty()) option->check(CLI::IsMember(parameter.choices));
  return option;
}

/// One of the groups that --help shows.
class Group {
 public:
  Group(CLI::App& app, const char* name) : app_(app), name_(name) {}

  template <typename Text>
  CLI::Option* add(const char* flag, Text& text, const char* type, const std::string& what) const {
    return app_.add_option(flag, text, what)->type_name(type)->group(name_);
  }
  CLI::Option* add(const char* flag, bool& given, const char* what) const {
    return app_.add_flag(flag, given, what)->group(name_);
  }

 private:
  CLI::App& app_;
  const char* name_;
};

/// "(default: all but those of processes, gil; all: every one)"
std::string default_of_filter(const std::vector<std::string>& on_request) {
  return "(default: all" + (on_request.empty() ? "" : " but those of " + listed(on_request)) +
         ";\nall: every one)";
}

void add_flags_of_what(const Group& group, Options& options, const Vocabulary& vocabulary, FlagTexts& texts) {
  group.add("--filter", options.filter, "REGEX",
            "Run the rows in whose name this is found; a leading - runs those in which it is not\n" +
                default_of_filter(vocabulary.on_request));
  group
      .add("--workload", options.workloads, "FILE.py",
           "Run the user's own functions bench_NAME() of this file; without --filter only those, on threads. "
           "May\n"
           "be given several times")
      ->take_all()
      ->allow_extra_args(false);
  group.add("--list", texts.list, "List the rows that would run, and stop");
  group.add("--threads", texts.threads, "N,N,...", "Thread counts (default 1,2,4 and the number of cores)");
  group.add("--shuffle-rows", texts.shuffle_rows, "SEED",
            "Run the rows in an order that this number makes, the same one each time; --list shows it");
}

void add_flags_of_pythons(const Group& group, FlagTexts& texts) {
  group
      .add("--python", texts.pythons, "SPEC",
           "CPython to embed: an executable, a libpython*.so, or a version such as 3.13 or 3.13t\n"
           "(default: the libpython found when this was built). Given several times: they are compared,\n"
           "each with a label and environment where wanted: LABEL=SPEC,NAME=VALUE (a comma of a path: \\,). "
           "all: "
           "every one found.\n"
           "In one that is linked statically harness runs as a guest; guest:SPEC has it do so in any")
      ->allow_extra_args(false);
  group.add("--list-pythons", texts.list_pythons, "List the interpreters that are found, and stop");
  group.add("--switch-interval", texts.switch_interval, "SECONDS",
            "sys.setswitchinterval: after how long a waiting thread asks for the GIL (default 0.005)");
  group.add("--scripts", texts.scripts, "DIR", "Folder of countdown.py, sum_of_squares.py and grayscale.py");
  group
      .add("--code", texts.code, "FROM",
           "Code of scripts: pyc, loaded from a .pyc as whenever a user imports it but the first time; "
           "source, as\n"
           "import has just compiled it (default pyc)")
      ->check(CLI::IsMember({kPyc, kSource}));
}

void add_flags_of_timing(const Group& group, FlagTexts& texts) {
  group.add("--repetitions", texts.repetitions, "N", "Repetitions of each row (default 3)");
  group.add("--min-time", texts.min_time, "SECONDS",
            "Least time of the first repetition; the others have as many iterations (default 0.3).\n"
            "Where interpreters are compared, about so long, by a trial before (default 0.05)");
  group.add("--patience", texts.patience, "SECONDS",
            "Subinterpreters, processes, pools: for how long their workers may all compute nothing before "
            "they\n"
            "count as hung (default 30)");
  group.add("--pin", texts.pin,
            "Bind the threads of each experiment to distinct physical cores, as far as there are any");
}

void add_flags_of_traces(const Group& group, FlagTexts& texts) {
  group.add("--no-gil-trace", texts.no_gil_trace, "Do not record the GIL's acquires and releases");
  group.add("--no-lock-trace", texts.no_lock_trace,
            "Do not record waits for CPython's locks and stops of the world");
  group
      .add("--gil-trace", texts.gil_trace_file, "FILE",
           "Write the timeline of the last row's last repetition (.json or .json.gz), for ui.perfetto.dev\n"
           "and for `harness gil-report FILE`")
      ->excludes("--no-gil-trace");
}

void add_flags_of_reports(const Group& group, const Vocabulary& vocabulary, FlagTexts& texts) {
  group.add("--out", texts.out, "DIR",
            "Where results go: of a run a folder (default results/<UTC time>-<python version>)");
  group.add("--no-pictures", texts.no_pictures, "Do not write the images");
  group
      .add("--format", texts.format, "FORMAT",
           "Standard output: " + listed(vocabulary.formats) +
               " (default console)\n"
               "gbench is Google Benchmark's own wide table")
      ->check(CLI::IsMember(vocabulary.formats));
  group
      .add("--columns", texts.columns, "NAME,...",
           "Columns of the console, by the names that result.json has: real_time, cpu_time, iterations, cv,\n"
           "speedup, gil_wait_share, ... Of a comparison a table each, by the names that comparison.csv "
           "has:\n"
           "time_s, ratio, verdict, scaling, speedup, gil_wait_share, ...")
      ->delimiter(',');
  group.add("--color", texts.color, "WHEN", "auto, always or never (default auto; NO_COLOR counts)")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  group
      .add("--account", texts.account, "WHEN",
           "Draw where each team's time went, a bar a row of the console: auto, always or never\n"
           "(default auto: on a terminal with UTF-8)")
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

/// What this program gives processes of its own; --help does not show it.
void add_flags_of_children(CLI::App& app, FlagTexts& texts) {
  const Group hidden(app, kHidden);
  // Of a comparison: so that none outlives it and runs beside the next, and so that they take turns.
  hidden.add("--parent", texts.parent, "PID", "");
  hidden.add("--turns", texts.turns, "");
  // Of an isolated row.
  hidden.add("--isolated", texts.isolated, "");
  hidden.add("--no-ceilings", texts.no_ceilings, "");
}

}  // namespace

void add_commands(CLI::App& app, const std::vector<CommandWords>& commands, FlagTexts& texts) {
  app.require_subcommand(0, 1);
  for (const CommandWords& command : commands) {
    CLI::App* const added = app.add_subcommand(command.name, command.help);
    added->fallthrough();  // so that flags may follow it
    if (!command.footer.empty()) added->footer(command.footer);
    for (const Parameter& flag : command.flags) add_parameter(*added, flag, texts);
    if (command.operand.empty()) continue;
    CLI::Option* const operands = added->add_option(command.operand, texts.operands, command.operand_help);
    operands->required()->expected(1, command.several ? kManyOperands : 1)->type_name("");
  }
}

void add_flags(CLI::App& app, Options& options, const Vocabulary& vocabulary, FlagTexts& texts) {
  add_flags_of_what(Group(app, kWhat), options, vocabulary, texts);
  add_flags_of_pythons(Group(app, kPython), texts);
  for (const Parameter& parameter : vocabulary.parameters) add_parameter(app, parameter, texts)->group(kWork);
  add_flags_of_timing(Group(app, kTiming), texts);
  add_flags_of_traces(Group(app, kTrace), texts);
  add_flags_of_reports(Group(app, kReport), vocabulary, texts);
  add_flags_of_children(app, texts);
  add_compare_flags(app, texts.compare);
}

std::string flag_without_meaning(const CLI::App& app, const CommandWords& command) {
  if (command.runs == Runs::rows || command.runs == Runs::rounds) return "";
  for (const CLI::Option* const option : app.get_options()) {
    const std::string name = option->get_name();
    if (option->count() > 0 && std::ranges::find(command.shared_flags, name) == command.shared_flags.end())
      return name;
  }
  return "";
}

bool is_work(const CLI::Option& flag) {
  static const std::set<std::string> kWorkGroups{kWhat, kPython, kWork, kTiming, kTrace};
  return kWorkGroups.contains(flag.get_group());
}

}  // namespace harness
