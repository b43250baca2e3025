// harness/commands/commands.h: what the program can be asked to do.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "harness/cli/options.h"
#include "harness/guest/handover.h"
#include "harness/interpreter/search_paths.h"
#include "harness/run/experiment.h"
#include "harness/run/interruption.h"
#include "harness/system/machine.h"
#include "harness/workloads/workload.h"

namespace harness {

/// What a command is performed with.
struct Request {
  const Options& options;
  const SearchPaths& search;
  const Machine& machine;
  const std::optional<Handover>& guest;  ///< absent in the host
  Interruption& interruption;
};

/// A command's words, and what it does: returns the exit status. Throws UserError.
struct CommandEntry {
  CommandWords words;
  int (*perform)(const Request&);
};

/// The table, in the order of --help. The first is what no command means.
std::span<const CommandEntry> all_commands();

/// The commands, the workloads, and all that they declare: what the command line can be about.
Vocabulary vocabulary();

/// The rows that the options ask for, of this program's workloads and the user's, which must outlive them.
/// Throws UserError where a filter takes none.
std::vector<Experiment> planned_experiments(const Options& options, std::span<const Workload> users);

// What `run` does, by its flags.

/// Runs the experiments and reports them: 0, 1 where one failed, 128 + N where signal N ended it early. Where
/// the interpreter takes this program as a guest only, this process becomes one, unless it is.
/// Throws UserError before anything has been written.
int run(const Request& request);

/// Runs every interpreter in rounds, each time in a fresh process, and prints them side by side: 0, 1 where a
/// process or an experiment failed, with --fail-if 3 and 4, 128 + N where signal N ended it early. Throws
/// UserError.
int compare_interpreters(const Request& request);

/// Prints the names of the rows that a run would have.
int list_rows(const Request& request);

/// Prints the interpreters that are found, those that cannot be used with the reason.
int list_pythons(const Request& request);

// The other commands, one file each.
CommandEntry bisect_run_command();
CommandEntry compare_files_command();
CommandEntry gil_report_command();
CommandEntry merge_command();
CommandEntry trace_command();
CommandEntry report_command();

}  // namespace harness
