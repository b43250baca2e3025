// harness/commands/bisect_run.cpp: harness bisect-run: a step of git bisect run, by how fast a commit is.
#include <algorithm>
#include <chrono>
#include <iostream>
#include <random>
#include <system_error>

#include "harness/commands/bisect_flags.h"
#include "harness/commands/commands.h"
#include "harness/commands/comparison_plan.h"
#include "harness/commands/comparison_report.h"
#include "harness/commands/comparison_rounds.h"
#include "harness/commands/known_rows.h"
#include "harness/commands/out_folder.h"
#include "harness/commands/stored_subject.h"
#include "harness/compare/bisection.h"
#include "harness/compare/cell_text.h"
#include "harness/compare/child.h"
#include "harness/compare/finished_process.h"
#include "harness/error.h"
#include "harness/interpreter/resolve.h"
#include "harness/row/format.h"
#include "harness/run/installation.h"
#include "harness/run/plan.h"
#include "harness/system/subprocess.h"
#include "harness/system/text.h"
#include "harness/workloads/user_benchmarks.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStoredLabel = "baseline";

/// It says nothing of the commit's speed that this could not be done. The message says why.
struct CommitUntold : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The abbreviated name of the commit that git bisect has chosen; empty where git does not say.
std::string commit_name(const SearchPaths& search) {
  const auto git = command_on_path("git", search);
  if (!git) return "";
  constexpr std::chrono::seconds kLongest{10};
  for (const char* const name : {"BISECT_HEAD", "HEAD"}) {  // the first is that of --no-checkout
    const ProcessResult result = run_subprocess(
        {.argv = {git->string(), "rev-parse", "--quiet", "--verify", "--short", name}}, kLongest);
    if (result.succeeded()) return printable(trimmed(result.standard_output));
  }
  return "";
}

/// The file of a stored baseline: where a folder is named, the run's in it or that of the first interpreter
/// of the comparison's of which there is one. Throws UserError.
fs::path baseline_file(const fs::path& given) {
  if (!fs::is_directory(given)) return given;
  if (fs::exists(given / "result.json")) return given / "result.json";
  if (fs::exists(given / "journal.jsonl")) {
    const std::string text = read_text_file(given / "journal.jsonl").value_or("");
    for (const PlannedPython& python : journal_contents_of(text, given / "journal.jsonl").plan.pythons) {
      if (const fs::path file = given / (python.label + ".json"); fs::exists(file)) return file;
    }
  }
  throw UserError("--baseline=" + given.string() +
                  ": the folder has no result of a run or of a finished comparison");
}

/// Whether the options ask for a row of that name, as far as its name says.
bool asks_for(const Options& options, const RowId& row) {
  const bool users_only = !options.filter && !options.workloads.empty();
  const bool is_taken = options.filter ? Filter(*options.filter).takes(row.name()) : !is_on_request(row);
  const bool is_users = std::ranges::any_of(
      options.workloads, [&](const fs::path& file) { return is_user_workload_of(file, row.workload); });
  const bool has_threads =
      row.threads() <= 1 || std::ranges::find(options.threads, row.threads()) != options.threads.end();
  return is_taken && has_threads && (is_users || !users_only);
}

/// A stored run beside which commits are put.
struct Baseline {
  StoredRun run;
  Subject subject;
};

/// Those of its rows that the options ask for. Throws UserError.
Baseline read_baseline(const Options& options, const fs::path& stored) {
  Baseline baseline{.run = read_run_with_rows(baseline_file(stored)), .subject = {}};
  print_warnings(warnings_of_run(baseline.run, kStoredLabel));
  baseline.subject = {.label = kStoredLabel, .processes = processes_of(baseline.run)};
  bool any = false;
  for (Process& process : baseline.subject.processes) {
    std::erase_if(process.rows, [&](const Row& row) { return !asks_for(options, row.id); });
    any = any || !process.rows.empty();
  }
  if (any) return baseline;
  throw UserError("--baseline=" + stored.string() + ": it has none of the rows that are asked for");
}

/// What is wrong whatever the commit is. Throws UserError.
std::optional<Baseline> check_before_build(const Request& request, const BisectOptions& bisect) {
  const Options& options = request.options;
  if (options.workloads.empty()) planned_experiments(options, {});
  check_columns_of_processes(options);
  const std::vector<std::string>& build = bisect.build;
  const bool is_name = !build.empty() && build.front().find('/') == std::string::npos;
  if (is_name && !command_on_path(build.front(), request.search)) {
    throw UserError("-- " + build.front() + ": there is no such command on PATH");
  }
  if (!bisect.baseline.empty()) return read_baseline(options, bisect.baseline);
  resolve_interpreter(options.pythons.front().spec, request.search);
  return std::nullopt;
}

/// Its output goes to standard error. Throws CommitUntold where it fails.
void build_commit(const std::vector<std::string>& command, const SearchPaths& search) {
  if (command.empty()) return;
  constexpr std::chrono::hours kNever{24 * 365};
  Command build{.argv = command};
  if (command.front().find('/') == std::string::npos) {
    build.argv.front() = command_on_path(command.front(), search).value_or(command.front());
  }
  build.passes_output_on = true;
  std::string end;
  try {
    const ProcessResult result = run_subprocess(build, kNever);
    if (result.succeeded()) return;
    end = result.signal != 0 ? "was ended by signal " + std::to_string(result.signal)
                             : "ended with status " + std::to_string(result.exit_code);
  } catch (const std::system_error& error) {
    end = "could not be started: " + error.code().message();
  }
  throw CommitUntold("the build " + end + ": " + command.front());
}

/// Plans the comparison with what was built. Throws CommitUntold where that is no usable interpreter.
PlannedComparison plan_step(const Request& request, const Installation& installation) {
  try {
    resolve_interpreter(request.options.pythons.back().spec, request.search);
  } catch (const UserError& error) {
    throw CommitUntold(error.what());
  }
  PlannedComparison planned = plan_comparison(request.options, request.search, installation);
  planned.plan.seed = request.options.compare.seed.value_or(std::random_device()());
  return planned;
}

/// A folder of the step's own.
fs::path make_step_folder(Options options, const fs::path& results, const std::string& commit) {
  const fs::path parent = options.out.empty() ? results : options.out;
  options.out.clear();
  return fs::absolute(make_out_folder(options, parent, "bisect" + (commit.empty() ? "" : "-" + commit)));
}

/// As run_comparison() does. What a process refuses is the command line's fault only where nothing of the
/// commit's can be wrong: neither its interpreter nor a file of the user's. Throws CommitUntold otherwise.
RoundsEnd run_step(Journal& journal, RoundsConfig config, const Options& options,
                   const Cancellation& cancellation) {
  try {
    return run_comparison(journal, std::move(config), options, cancellation);
  } catch (const ProcessRefused& refused) {
    const bool is_commits = refused.python + 1 == journal.plan().pythons.size();
    const bool has_kernel = std::ranges::any_of(
        options.work_flags, [](const std::string& flag) { return flag.starts_with("--kernel="); });
    const bool has_files = !options.workloads.empty() || !options.scripts.empty() || has_kernel;
    if (!is_commits && !has_files) throw;
    throw CommitUntold(refused.what());
  }
}

/// What differs between the stored run and the step's first process besides their interpreters.
void warn_beside(const Baseline& baseline, const Journal& journal) {
  for (const JournalEntry& entry : journal.entries()) {
    if (!entry.failure.empty()) continue;
    print_warnings(warnings_of_differences(
        {baseline.run.context, read_child_result(journal.folder() / entry.folder).context},
        {kStoredLabel, journal.plan().pythons.front().label}));
    return;
  }
}

/// Leaves out the rows on one thread of the baseline's that --threads does not ask for: which rows are on one
/// thread whatever it says, only a run can tell.
void leave_out_unasked(const Options& options, Comparison& comparison) {
  if (std::ranges::find(options.threads, 1) != options.threads.end()) return;
  std::erase_if(comparison.rows, [](const ComparedRow& row) {
    return row.id.threads() == 1 && row.cells[1].outcome == Outcome::not_applicable;
  });
}

std::string in_words(Finding finding) {
  return finding == Finding::good ? "good" : finding == Finding::bad ? "bad" : "skipped";
}

/// The one sentence of a step: "1a2b3c4 is bad: …".
int say(const std::string& commit, Finding finding, const std::string& reason) {
  std::cout << printable((commit.empty() ? "" : commit + " is ") + in_words(finding) + ": " + reason) << '\n';
  return status_of(finding);
}

int compare_commit(const Request& request, double worse_than, const std::optional<Baseline>& baseline,
                   const std::string& commit) {
  const Options& options = request.options;
  const Installation installation = find_installation();
  PlannedComparison planned = plan_step(request, installation);
  Journal journal = Journal::begin(make_step_folder(options, installation.results, commit), planned.plan);
  RoundsConfig config{.more_flags = std::move(planned.more_flags), .begins_in_order = true};
  config.settings.worse_than = worse_than;
  if (baseline) config.stored = baseline->subject;
  const Cancellation cancellation;
  const Interruption::Watch watch = request.interruption.watch([&] { cancellation.request(); }, [] {});
  const auto began = std::chrono::steady_clock::now();
  RoundsEnd end = run_step(journal, std::move(config), options, cancellation);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  if (request.interruption.requested()) {
    std::cerr << "interrupted after " << counted(static_cast<std::size_t>(end.rounds), "round")
              << "; the bisection ends\n";
    return request.interruption.status();
  }
  if (baseline) {
    leave_out_unasked(options, end.comparison);
    end.contexts.insert(end.contexts.begin(), baseline->run.context);
    warn_beside(*baseline, journal);
  }
  print_warnings(warning_sentences(end.warnings, journal.entries().size()));
  write_comparison(options, journal, end);
  const FindingInWords found = finding_of(end.comparison);
  const int status =
      say(commit, found.finding,
          found.reason + " (" + counted(static_cast<std::size_t>(end.rounds), "round") + ", " +
              format_time(seconds) + ", " + limit_text(Scale::ratio, options.compare.confidence) + " sure)");
  std::cout << "results: " << printable(journal.folder().string()) << "\n" << std::flush;
  return request.interruption.requested() ? request.interruption.status() : status;
}

int bisect_step(const Request& request) {
  const BisectOptions bisect = bisect_options(request.options);
  const std::optional<Baseline> baseline = check_before_build(request, bisect);
  const std::string commit = commit_name(request.search);
  try {
    build_commit(bisect.build, request.search);
    return compare_commit(request, bisect.worse_than, baseline, commit);
  } catch (const CommitUntold& why) {
    if (request.interruption.requested()) return request.interruption.status();
    return say(commit, Finding::untold, why.what());
  }
}

}  // namespace

CommandEntry bisect_run_command() {
  return {bisect_run_words(), bisect_step};
}

}  // namespace harness
