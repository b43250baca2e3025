// harness/commands/run.cpp: the ordinary run: one interpreter, its experiments, their report.
#include "harness/cli/options.h"
#include "harness/commands/chosen_interpreter.h"
#include "harness/commands/commands.h"
#include "harness/commands/isolated_rows.h"
#include "harness/commands/live_rows.h"
#include "harness/commands/run_in_progress.h"
#include "harness/commands/run_timeline.h"
#include "harness/commands/turn_taking.h"
#include "harness/error.h"
#include "harness/run/plan.h"
#include "harness/system/descendants.h"
#include "harness/system/standard_streams.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

fs::path scripts_folder(const Options& options, const Installation& installation) {
  if (options.scripts.empty()) return installation.scripts;
  if (!fs::is_directory(options.scripts)) {
    throw UserError("--scripts=" + options.scripts.string() + ": there is no such folder");
  }
  return fs::absolute(options.scripts);
}

}  // namespace

int run(const Request& request) {
  const Options& options = request.options;
  const Chosen chosen = choose_interpreter(request);
  const fs::path scripts = scripts_folder(options, chosen.installation);
  check_timeline_file(options.gil_trace_file);
  adopt_orphans();  // what a script starts is its, whatever it forks in between
  IsolatedRows isolated(chosen.installation.program, options);
  const OwnOutput output;
  TurnTaking turns(options, request.machine);
  const OpenedPython opened(chosen, request);
  const UsersFiles users(opened.python, options);
  request.interruption.keep_signals();
  const std::vector<Experiment> plan = planned_experiments(options, users.workloads());
  check_columns(options, plan);
  RunInProgress run({request, chosen, scripts, isolated, turns, opened, plan});
  users.go_where_they_went();
  run.run_rows();
  return run.report();
}

}  // namespace harness
