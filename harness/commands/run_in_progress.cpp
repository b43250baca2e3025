// harness/commands/run_in_progress.cpp: from the plan to the report.
#include "harness/commands/run_in_progress.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <iostream>
#include <string>
#include <utility>

#include "harness/cli/terminal.h"
#include "harness/commands/asked_state.h"
#include "harness/commands/code_hashes.h"
#include "harness/commands/run_timeline.h"
#include "harness/cython/build_extension.h"
#include "harness/interpreter/found.h"
#include "harness/report/console_text.h"
#include "harness/run/installation.h"
#include "harness/system/cpu_topology.h"
#include "harness/system/text.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

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

/// A line each, and an empty one. Interpreter and machine need no name.
void show(const ContextEntries& summary, const Options& options) {
  for (const auto& [what, text] : summary) {
    const bool is_plain = what == "interpreter" || what == "machine";
    std::cout << wrapped(printable(is_plain ? text : what + ": " + text), 0, {.width = options.width});
  }
  std::cout << std::endl;
}

/// That of an interpreter which can be asked.
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

/// How many rows come to nothing because the process ends, for a message; "" where none does.
std::string rows_not_run(std::size_t planned, std::size_t finished) {
  if (planned <= finished) return "";
  const std::size_t left = planned - finished;
  return "; " + std::to_string(left) + (left == 1 ? " row after it was" : " rows after it were") + " not run";
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
                             .script = fs::absolute(scripts / experiment.script),
                             .patience_s = options.patience_s.value_or(kPatience_s)});
  });
  interruption.without_thread([&] { start(); });
  return start.get_future();
}

int status_of(const std::vector<Row>& rows) {
  return std::ranges::any_of(rows, [](const Row& row) { return row.outcome == Outcome::failed; }) ? 1 : 0;
}

}  // namespace

OpenedPython::OpenedPython(const Chosen& chosen, const Request& request)
    : python(start(chosen, request)),
      cpus(cpus_of_this_thread()),
      switch_interval_s(python.attached([&] { return python.api().settings().switch_interval_s; })) {}

RunInProgress::RunInProgress(const RunParts& parts)
    : parts_(parts),
      options_(parts.request.options),
      interruption_(parts.request.interruption),
      started_(started_before_threads(options_, parts.plan.front(), parts.opened.python, parts.scripts,
                                      interruption_)),
      progress_(parts.plan.size(), width_of_terminal(STDERR_FILENO)),
      running_(&parts.plan.front()),
      config_(runner_config()),
      images_(options_.values, parts.plan, parts.request.machine, parts.chosen.installation),
      found_(parts.chosen.found ? *parts.chosen.found : hashed(parts.chosen.interpreter)),
      facts_(facts_of_run()),
      folder_(out_folder()),
      traces_(traces()),
      pictures_(options_.pictures && images_.are_kept() ? folder_ : fs::path(), images_.codec()),
      session_(parts.opened.python, session_config(), std::move(started_)),
      live_(options_, parts.plan, ran_on(facts_.python)),
      rows_(
          parts.plan, [this](const auto&... row) { show_finished(row...); },
          [this] { report_.save_so_far(); }, !options_.isolated),
      report_(facts_, folder_, rows_, pictures_),
      guard_([this](const std::string& what) { tell_of_exit(what); }),
      watch_(interruption_.watch(
          [this] {
            parts_.isolated.stop();
            session_.stop();
          },
          [this] { save_or_say(report_, facts_, interruption_.status()); })) {
  report_.save_so_far();  // in the place of an older run's
  if (shows_rows(options_)) show(summary_of(context_by_key(facts_)), options_);
}

/// Also takes Google Benchmark's flags.
RunnerConfig RunInProgress::runner_config() {
  RunnerConfig config{.program = "harness",
                      .repetitions = options_.repetitions,
                      .min_time_s = options_.min_time_s,
                      .flags = options_.benchmark_flags,
                      .ceilings = options_.ceilings,
                      .interrupted = [this] { return interruption_.requested(); },
                      .starting =
                          [this](const Experiment& experiment) {
                            running_ = &experiment;
                            progress_.show(experiment.name());
                          },
                      .say = [this](const std::string& message) { progress_.say(message); },
                      .take_turn = parts_.turns.taker(),
                      .prepared = [this] { interruption_.keep_signals(); },
                      .isolate = {}};
  if (!options_.isolated) {
    config.isolate = [this](const Experiment& row) {
      const bool has_timeline = &row == &parts_.plan.back() && !options_.gil_trace_file.empty();
      return parts_.isolated.run(row, found_, folder_, has_timeline);
    };
  }
  initialize_google_benchmark(config);
  return config;
}

RunFacts RunInProgress::facts_of_run() const {
  const embed::Python& python = parts_.opened.python;
  return {.options = options_,
          .machine = parts_.request.machine,
          .guest = parts_.request.guest.has_value(),
          .libpython = code_file(found_.interpreter).string(),
          .libpython_sha256 = found_.sha256,
          .python = python.attached([&] { return python.api().facts(); }),
          .images = images_.all(),
          .image = images_.first(),
          .pinning = pinning_of(options_, parts_.request.machine),
          .code = hashes_of_code(parts_.plan, parts_.scripts)};
}

/// Absolute: whatever is written at the end, or read for a later row, is found also where a script changes
/// the folder. It is made only where the interpreter is in the state that was asked for.
fs::path RunInProgress::out_folder() const {
  check_asked_state(options_, facts_.python);
  return fs::absolute(
      make_out_folder(options_, parts_.chosen.installation.results, short_version(facts_.python)));
}

Observers RunInProgress::traces() const {
  return make_traces({.python = parts_.opened.python,
                      .gil_trace = options_.gil_trace,
                      .lock_trace = options_.lock_trace,
                      .gil_trace_file = absolute_or_none(options_.gil_trace_file),
                      .cores = count_cores(cores_of(parts_.request.machine.allowed_cpus))});
}

SessionConfig RunInProgress::session_config() {
  const Machine& machine = parts_.request.machine;
  return {.scripts = fs::absolute(parts_.scripts),
          .cuda_module = parts_.chosen.installation.cuda_module,
          .build_extension = extension_builder(parts_.chosen, facts_),
          .images = images_.all(),
          .values = options_.values,
          .spin_cores = static_cast<int>(allowed_cores(machine)),
          .placement = placement_of(options_, machine, facts_.python.gil_enabled, parts_.turns.home_of_one()),
          .pinning = facts_.pinning,
          .cpus = parts_.opened.cpus,
          .switch_interval_s = parts_.opened.switch_interval_s,
          .patience_s = options_.patience_s.value_or(kPatience_s),
          .without_threads = [this](const auto& body) { interruption_.without_thread(body); },
          .keep_output = [this](const auto&... kept) { pictures_.keep(kept...); }};
}

void RunInProgress::show_finished(const Row& row, const std::vector<RowReporter::Run>& runs) {
  report_.save_so_far();  // first: what has been shown is kept, whatever comes
  progress_.clear();
  live_.show(row, runs);
}

void RunInProgress::tell_of_exit(const std::string& what) {
  rows_.fail(running_->id, "the script " + what);
  progress_.clear();
  std::cerr << "harness: " << running_->name() << " " << printable(what) << rows_are_in(folder_, options_)
            << rows_not_run(parts_.plan.size(), rows_.rows().size()) << '\n';
  std::cout.flush();
}

void RunInProgress::run_rows() {
  run_plan(parts_.plan, config_, session_, traces_, rows_);
  progress_.clear();
  live_.finish();
}

void RunInProgress::warn_of(const AtEnd& end) {
  if (!end.threads.empty()) {
    report_.warn("threads that a script has started outlive its run() and ran beside the rows after it: " +
                 end.threads);
  }
  if (facts_.python.free_threaded && end.gil_enabled && !options_.asked_gil.value_or(false)) {
    report_.warn("the import of " + (end.gil_enabled_by.empty() ? "a module" : end.gil_enabled_by) +
                 " turned the GIL on: it does not say that it runs without");
  }
}

int RunInProgress::report() {
  // A script that was interrupted may hold the GIL for as long as it likes.
  const AtEnd end = interruption_.requested() ? AtEnd{.gil_enabled = facts_.python.gil_enabled}
                                              : at_end(parts_.opened.python);
  warn_of(end);
  const std::string imported_files = parts_.isolated.imported_files() + end.imported_files;
  if (options_.parent != 0 && !imported_files.empty()) report_.save_imported_files(imported_files);
  report_.save(end.gil_enabled, interruption_.status());
  // That of an isolated row is its own process's to write.
  if (options_.isolated || !running_->traits.isolated) write_trace_files(traces_, facts_);
  report_.print();
  // A thread may still be waiting to stop what has stopped by itself, so the interpreter cannot be ended.
  if (interruption_.requested()) interruption_.exit();
  const int status = status_of(rows_.rows());
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
