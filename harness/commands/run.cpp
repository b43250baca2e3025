// harness/commands/run.cpp: the ordinary run: one interpreter, its experiments, their report.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <memory>

#include "harness/commands/asked_state.h"
#include "harness/commands/chosen_interpreter.h"
#include "harness/commands/code_hashes.h"
#include "harness/commands/commands.h"
#include "harness/commands/isolated_rows.h"
#include "harness/commands/live_rows.h"
#include "harness/commands/out_folder.h"
#include "harness/commands/run_images.h"
#include "harness/commands/run_report.h"
#include "harness/commands/run_timeline.h"
#include "harness/commands/turn_taking.h"
#include "harness/cython/build_extension.h"
#include "harness/google_benchmark/runner.h"
#include "harness/interpreter/found.h"
#include "harness/report/console_text.h"
#include "harness/run/exit_guard.h"
#include "harness/run/installation.h"
#include "harness/run/progress.h"
#include "harness/run/traces.h"
#include "harness/system/cpu_topology.h"
#include "harness/system/descendants.h"
#include "harness/system/standard_streams.h"
#include "harness/system/text.h"

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

Pinning pinning_of(const Options& options, const Machine& machine) {
  return options.pin ? Pinning(distinct_cores_first(cores_of(machine.allowed_cpus))) : Pinning();
}

/// Each member of a team on a core of its own, where the user has not said where they are to be. Nobody looks
/// where they are if a GIL's events tell it.
Placement placement_of(const Options& options, const Machine& machine, bool gil_enabled,
                       std::shared_ptr<const std::atomic<int>> home_of_one) {
  const bool events_tell = options.gil_trace && gil_enabled;
  return Placement(events_tell ? CoreMap() : cores_of_this_machine(),
                   options.pin ? std::vector<int>() : one_cpu_a_core(machine), std::move(home_of_one));
}

RunFacts facts_of(const Request& request, const FoundInterpreter& found, const RunImages& images,
                  const embed::Python& python, ContextEntries code) {
  return {.options = request.options,
          .machine = request.machine,
          .guest = request.guest.has_value(),
          .libpython = code_file(found.interpreter).string(),
          .libpython_sha256 = found.sha256,
          .python = python.attached([&] { return python.api().facts(); }),
          .images = images.all(),
          .image = images.first(),
          .pinning = pinning_of(request.options, request.machine),
          .code = std::move(code)};
}

/// What can be run as the interpreter itself; empty where only its libpython is known.
fs::path executable_of(const Interpreter& interpreter, const embed::Facts& python) {
  if (!interpreter.executable.empty()) return interpreter.executable;
  return fs::exists(python.executable) ? fs::path(python.executable) : fs::path();
}

Scripts::BuildExtension extension_builder(const Chosen& chosen, const RunFacts& facts) {
  const fs::path& cache = facts.options.cache;
  const ExtensionBuild build{.python = executable_of(chosen.interpreter, facts.python),
                             .cache = cache.empty() ? fs::path() : cache / "cython",
                             .flags = kernel_flags()};
  return [build](const fs::path& source) { return build_extension(source, build); };
}

fs::path absolute_or_none(const fs::path& file) {
  return file.empty() ? file : fs::absolute(file);
}

/// What is run, on what: a line each, and an empty one.
std::vector<std::string> describe_run(const RunFacts& facts) {
  const embed::Facts& python = facts.python;
  std::vector<std::string> lines{
      "CPython " + short_version(python) + (python.gil_enabled ? " (GIL on)" : " (GIL off)") +
          (facts.guest ? ", guest in " : ", ") + facts.libpython,
      facts.machine.cpu_model + ", " + std::to_string(facts.machine.allowed_cpus.size()) + " cores allowed"};
  if (facts.image != nullptr) {
    const Image& image = *facts.image;
    lines.push_back("image: " + image.name + ", " + sizes_text(*facts.images) +
                    (image.conversion.empty() ? "" : " (" + image.conversion + ")"));
  }
  if (facts.pinning.is_on()) {
    lines.push_back("pinned: " + facts.pinning.map_of(facts.options.threads.back()));
  }
  lines.emplace_back();
  return lines;
}

void show(const std::vector<std::string>& lines, const Options& options) {
  for (const std::string& line : lines) {
    std::cout << wrapped(printable(line), 0, {.width = options.width});
  }
  std::cout << std::flush;
}

/// What is known at the end of the rows: whether the GIL is on and which module's import has turned it on,
/// which threads of a script still run, and what scripts have imported.
struct AtEnd {
  bool gil_enabled = false;
  std::string threads = {};
  std::string imported_files = {};
  std::string gil_enabled_by = {};
};

AtEnd at_end(const embed::Python& python) {
  return python.attached([&]() -> AtEnd {
    return {.gil_enabled = python.api().gil_enabled(),
            .threads = python.api().running_threads(false),
            .imported_files = python.api().imported_files(),
            .gil_enabled_by = python.api().gil_enabled_by()};
  });
}

/// For the thread that ends the process: an error has nobody else to go to.
void save_or_say(RunReport& report, const RunFacts& facts, int interrupted) {
  try {
    report.save(facts.python.gil_enabled, interrupted);
  } catch (const UserError& error) {
    std::cerr << "harness: " << printable(error.what()) << '\n';
  }
}

/// Where to find what has been finished, for a message; "" where another process has it all.
std::string rows_are_in(const fs::path& folder, const Options& options) {
  return options.isolated ? "" : "; the rows so far are in " + printable(folder.string());
}

/// How long Python may take to end once everything is saved.
constexpr std::chrono::seconds kPythonsEnd{3};

/// What an isolated row starts while its process has no thread but this one; or why it cannot.
std::future<std::shared_ptr<Started>> started_before_threads(const Options& options,
                                                             const Experiment& experiment,
                                                             const embed::Python& python,
                                                             const fs::path& scripts,
                                                             Interruption& interruption) {
  if (!options.isolated || !experiment.start) return {};
  std::packaged_task<std::shared_ptr<Started>()> start([&] {
    return experiment.start({.python = python,
                             .threads = experiment.threads,
                             .script = fs::absolute(scripts / experiment.script)});
  });
  interruption.without_thread([&] { start(); });
  return start.get_future();
}

int status_of(const std::vector<Row>& rows) {
  return std::ranges::any_of(rows, [](const Row& row) { return row.outcome == Outcome::failed; }) ? 1 : 0;
}

}  // namespace

int run(const Request& request) {
  const Options& options = request.options;
  Interruption& interruption = request.interruption;
  const Chosen chosen = choose_interpreter(request);
  const fs::path scripts = scripts_folder(options, chosen.installation);
  check_timeline_file(options.gil_trace_file);
  adopt_orphans();  // what a script starts is its, whatever it forks in between
  IsolatedRows isolated(chosen.installation.program, options);
  const OwnOutput output;
  TurnTaking turns(options, request.machine);
  const embed::Python python = start(chosen, request);
  const std::string cpus = cpus_of_this_thread();
  const double switch_interval_s = python.attached([&] { return python.api().settings().switch_interval_s; });
  const UsersFiles users(python, options);
  interruption.keep_signals();
  const std::vector<Experiment> plan = planned_experiments(options, users.workloads());
  check_columns(options, plan);
  auto started = started_before_threads(options, plan.front(), python, scripts, interruption);
  Progress progress(plan.size(), isatty(STDERR_FILENO) != 0);
  const Experiment* running = &plan.front();
  RunnerConfig config{.program = "harness",
                      .repetitions = options.repetitions,
                      .min_time_s = options.min_time_s,
                      .flags = options.benchmark_flags,
                      .ceilings = options.ceilings,
                      .interrupted = [&] { return interruption.requested(); },
                      .starting =
                          [&](const Experiment& experiment) {
                            running = &experiment;
                            progress.show(experiment.name());
                          },
                      .take_turn = turns.taker(),
                      .prepared = [&] { interruption.keep_signals(); },
                      .isolate = {}};
  initialize_google_benchmark(config);
  const RunImages images(options.values, plan, request.machine, chosen.installation);
  const FoundInterpreter found = chosen.found ? *chosen.found : hashed(chosen.interpreter);
  const RunFacts facts = facts_of(request, found, images, python, hashes_of_code(plan, scripts));
  check_asked_state(options, facts.python);
  // Whatever is written at the end, or read for a later row, is found also where a script changes the folder.
  const fs::path folder =
      fs::absolute(make_out_folder(options, chosen.installation.results, short_version(facts.python)));
  const Observers traces = make_traces({.python = python,
                                        .gil_trace = options.gil_trace,
                                        .lock_trace = options.lock_trace,
                                        .gil_trace_file = absolute_or_none(options.gil_trace_file),
                                        .cores = count_cores(cores_of(request.machine.allowed_cpus))});
  Pictures pictures(options.pictures && images.are_kept() ? folder : fs::path(), images.codec());
  Session session(
      python,
      {.scripts = fs::absolute(scripts),
       .cuda_module = chosen.installation.cuda_module,
       .build_extension = extension_builder(chosen, facts),
       .images = images.all(),
       .values = options.values,
       .spin_cores = static_cast<int>(allowed_cores(request.machine)),
       .placement = placement_of(options, request.machine, facts.python.gil_enabled, turns.home_of_one()),
       .pinning = facts.pinning,
       .cpus = cpus,
       .switch_interval_s = switch_interval_s,
       .without_threads = [&](const auto& body) { interruption.without_thread(body); },
       .keep_output = [&](const auto&... kept) { pictures.keep(kept...); }},
      std::move(started));
  if (shows_rows(options)) show(describe_run(facts), options);
  LiveRows live(options, plan, facts.python.gil_enabled);
  std::optional<RunReport> report;
  const auto finished = [&](const Row& row, const std::vector<RowReporter::Run>& runs) {
    report->save_so_far();  // first: what has been shown is kept, whatever comes
    progress.clear();
    live.show(row, runs);
  };
  RowReporter rows(
      plan, finished, [&] { report->save_so_far(); }, !options.isolated);
  report.emplace(facts, folder, rows, pictures);
  report->save_so_far();  // in the place of an older run's
  const ExitGuard guard([&](const std::string& what) {
    rows.fail(running->id, "the script " + what);
    std::cerr << "harness: " << running->name() << " " << printable(what) << rows_are_in(folder, options)
              << '\n';
    std::cout.flush();
  });
  const auto stop = [&] {
    isolated.stop();
    session.stop();
  };
  const Interruption::Watch watch =
      interruption.watch(stop, [&] { save_or_say(*report, facts, interruption.status()); });
  const auto isolate = [&](const Experiment& row) {
    return isolated.run(row, found, folder, &row == &plan.back() && !options.gil_trace_file.empty());
  };
  if (!options.isolated) config.isolate = isolate;

  users.go_where_they_went();
  run_plan(plan, config, session, traces, rows);
  progress.clear();
  live.finish();
  // A script that was interrupted may hold the GIL for as long as it likes.
  const AtEnd end =
      interruption.requested() ? AtEnd{.gil_enabled = facts.python.gil_enabled} : at_end(python);
  if (!end.threads.empty()) {
    report->warn("threads that a script has started outlive its run() and ran beside the rows after it: " +
                 end.threads);
  }
  if (facts.python.free_threaded && end.gil_enabled && !options.asked_gil.value_or(false)) {
    report->warn("the import of " + (end.gil_enabled_by.empty() ? "a module" : end.gil_enabled_by) +
                 " turned the GIL on: it does not say that it runs without");
  }
  const std::string imported_files = isolated.imported_files() + end.imported_files;
  if (options.parent != 0 && !imported_files.empty()) report->save_imported_files(imported_files);
  report->save(end.gil_enabled, interruption.status());
  // That of an isolated row is its own process's to write.
  if (options.isolated || !running->traits.isolated) write_trace_files(traces, facts);
  report->print();
  // A thread may still be waiting to stop what has stopped by itself, so the interpreter cannot be ended.
  if (interruption.requested()) interruption.exit();
  const int status = status_of(rows.rows());
  std::cout.flush();
  // Python would wait for them, perhaps for ever.
  if (!end.threads.empty()) end_process(status);
  end_process_after(kPythonsEnd, status, [] {
    std::cerr << "harness: Python does not end (a handler of atexit, or what one waits for, still runs); the "
                 "results are saved\n";
  });
  return status;
}

}  // namespace harness
