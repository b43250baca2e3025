// harness/commands/commands.h: what the program can be asked to do. Each returns the exit status.
#pragma once

#include <optional>

#include "harness/cli/options.h"
#include "harness/guest/handover.h"
#include "harness/interpreter/search_paths.h"
#include "harness/run/plan.h"
#include "harness/system/machine.h"
#include "harness/workloads/workload.h"

namespace harness {

/// What the command line can be about: the workloads, and all that they declare.
Vocabulary vocabulary();

/// The rows that the options ask for. Throws UserError where there is none.
std::vector<Experiment> planned_experiments(const Options& options);

/// Prints the names of the rows that a run would have. Throws UserError.
int list_rows(const Options& options);

/// Prints the interpreters that are found, those that cannot be used with the reason.
int list_pythons(const Options& options, const SearchPaths& search);

/// Prints tables and histograms of a timeline. Throws UserError.
int gil_report(const Options& options);

/// Runs the experiments and reports them: 0, 1 where one failed, 128 + N where signal N ended it early. Where
/// the interpreter takes this program as a guest only, this process becomes one, unless it is (`guest`).
/// Throws UserError before anything has been written.
int run(const Options& options, const SearchPaths& search, const Machine& machine,
        const std::optional<Handover>& guest);

/// Runs every interpreter in rounds, each time in a fresh process, and prints them side by side: 0, 1 where a
/// process or an experiment failed, with --fail-if 3 and 4, 128 + N where signal N ended it early. Throws
/// UserError.
int compare_interpreters(const Options& options, const SearchPaths& search, const Machine& machine);

/// Prints stored runs side by side: 0, 1, 3 and 4 as above. Throws UserError.
int compare_files(const Options& options);

}  // namespace harness
