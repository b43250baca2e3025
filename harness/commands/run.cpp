// harness/commands/run.cpp: the ordinary run: one interpreter, its experiments, their report.
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "harness/commands/asked_state.h"
#include "harness/commands/commands.h"
#include "harness/commands/out_folder.h"
#include "harness/commands/run_report.h"
#include "harness/commands/run_timeline.h"
#include "harness/cython/build_extension.h"
#include "harness/google_benchmark/runner.h"
#include "harness/google_benchmark/wide_table.h"
#include "harness/guest/enter.h"
#include "harness/image/codec.h"
#include "harness/interpreter/resolve.h"
#include "harness/run/disturbance.h"
#include "harness/run/gil_observer.h"
#include "harness/run/installation.h"
#include "harness/run/interruption.h"
#include "harness/run/progress.h"
#include "harness/system/cpu_topology.h"
#include "harness/system/sha256.h"
#include "harness/system/standard_streams.h"
#include "harness/workloads/image_parameters.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

// What an image needs for each pixel: the source, what grayscale and memory/read3_write1 write to, a
// reference of each, and what memory/copy writes; of a file also its bytes decoded, which may be 4 channels
// of 16 bits, and converted.
constexpr std::int64_t kSyntheticBytesPerPixel = 3 + 1 + (1 + 1) + 2;
constexpr std::int64_t kFileBytesPerPixel = kSyntheticBytesPerPixel + 8 + 4;

std::unique_ptr<Images> load_images(const ImageChoice& choice, const Machine& machine, Codec& codec) {
  if (!choice.file.empty()) return std::make_unique<Images>(std::make_shared<Image>(codec.read(choice.file)));
  const auto available = static_cast<std::int64_t>(machine.memory.available_bytes);
  for (const ImageSize size : choice.sizes) {
    if (size.pixels() <= available / kSyntheticBytesPerPixel) continue;
    throw UserError("--size=" + to_string(size) + ": too large for this machine's free memory (" +
                    std::to_string(available >> 20) + " MiB); give a smaller size");
  }
  return std::make_unique<Images>(choice.sizes);
}

fs::path scripts_folder(const Options& options, const Installation& installation) {
  if (options.scripts.empty()) return installation.scripts;
  if (!fs::is_directory(options.scripts)) {
    throw UserError("--scripts=" + options.scripts.string() + ": there is no such folder");
  }
  return fs::absolute(options.scripts);
}

/// What can be run as the interpreter itself; empty where only its libpython is known.
fs::path executable_of(const Interpreter& interpreter, const embed::Facts& python) {
  if (!interpreter.executable.empty()) return interpreter.executable;
  return fs::exists(python.executable) ? fs::path(python.executable) : fs::path();
}

std::string describe_run(const RunFacts& facts) {
  const embed::Facts& python = facts.python;
  std::string text = "CPython " + short_version(python) + (python.gil_enabled ? " (GIL on)" : " (GIL off)") +
                     (facts.guest ? ", guest in " : ", ") + facts.libpython + "\n" + facts.machine.cpu_model +
                     ", " + std::to_string(facts.machine.allowed_cpus.size()) + " cores allowed\n";
  if (facts.image != nullptr) {
    const Image& image = *facts.image;
    text += "image: " + image.name + ", " + sizes_text(*facts.images) +
            (image.conversion.empty() ? "" : " (" + image.conversion + ")") + "\n";
  }
  if (facts.pinning.is_on()) text += "pinned: " + facts.pinning.map_of(facts.options.threads.back()) + "\n";
  return text + "\n";
}

std::size_t longest_name(const std::vector<Experiment>& plan) {
  std::size_t longest = 0;
  for (const Experiment& experiment : plan) longest = std::max(longest, experiment.name().size());
  return longest;
}

bool needs_image(const std::vector<Experiment>& plan) {
  return std::ranges::any_of(plan, [](const Experiment& experiment) { return experiment.image.has_value(); });
}

/// The interpreter that --python names. Does not return where that takes this program as a guest only.
Interpreter enter_interpreter(const Options& options, const SearchPaths& search,
                              const Installation& installation) {
  Interpreter interpreter = resolve_interpreter(options.pythons.front().spec, search, Facts::kFromFiles);
  check_asked_gil(options, interpreter);
  if (interpreter.guest) {
    enter_guest({.program = installation.program, .interpreter = interpreter, .arguments = options.arguments},
                installation.guest_module);
  }
  return interpreter;
}

/// For the thread that ends the process: an error has nobody else to go to.
void save_or_say(RunReport& report, const RunFacts& facts, int interrupted) {
  try {
    report.save(facts.python.gil_enabled, interrupted);
  } catch (const UserError& error) {
    std::cerr << "harness: " << error.what() << '\n';
  }
}

}  // namespace

int run(const Options& options, const SearchPaths& search, const Machine& machine,
        const std::optional<Handover>& guest) {
  protect_standard_streams();
  const std::vector<Experiment> plan = planned_experiments(options);
  Interruption interruption;
  const Installation installation = guest ? installation_of(guest->program) : find_installation();
  const Interpreter interpreter =
      guest ? guest->interpreter : enter_interpreter(options, search, installation);
  const fs::path scripts = scripts_folder(options, installation);
  check_timeline_file(options.gil_trace_file);
  RunnerConfig config{.program = "harness",
                      .repetitions = options.repetitions,
                      .min_time_s = options.min_time_s,
                      .flags = options.benchmark_flags,
                      .interrupted = [&] { return interruption.requested(); },
                      .starting = {}};
  initialize_google_benchmark(config);
  const ImageChoice choice = image_choice(options.values);
  Codec codec(installation.codec_module,
              static_cast<std::int64_t>(machine.memory.available_bytes) / kFileBytesPerPixel);
  const std::unique_ptr<Images> images = needs_image(plan) ? load_images(choice, machine, codec) : nullptr;
  const std::shared_ptr<const Image> first_image = images == nullptr ? nullptr : images->at(0);
  const std::vector<CoreOfCpu> cores = cores_of(machine.allowed_cpus);
  const Pinning pinning = options.pin ? Pinning(distinct_cores_first(cores)) : Pinning();
  const embed::Python python(
      guest ? fs::path() : interpreter.libpython, installation.embed_module,
      {.program = interpreter.executable.string(), .switch_interval_s = options.switch_interval_s});
  const RunFacts facts{.options = options,
                       .machine = machine,
                       .guest = guest.has_value(),
                       .libpython = code_file(interpreter).string(),
                       .libpython_sha256 = sha256_of_file(code_file(interpreter)),
                       .python = python.attached([&] { return python.api().facts(); }),
                       .images = images.get(),
                       .image = first_image.get(),
                       .pinning = pinning};
  check_asked_state(options, facts.python);
  const fs::path folder = make_out_folder(options, installation.results, short_version(facts.python));
  Pictures pictures(folder, codec);
  Observers observers;
  observers.push_back(std::make_unique<DisturbanceObserver>());
  auto gil_observer =
      std::make_unique<GilObserver>(python, options.gil_trace, !options.gil_trace_file.empty());
  const GilObserver& gil = *gil_observer;
  observers.push_back(std::move(gil_observer));
  const ExtensionBuild extension_build{.python = executable_of(interpreter, facts.python),
                                       .cache = options.cache.empty() ? fs::path() : options.cache / "cython",
                                       .flags = kernel_flags()};
  Session session(
      python,
      {.scripts = scripts,
       .build_extension = [&](const fs::path& source) { return build_extension(source, extension_build); },
       .images = images.get(),
       .values = options.values,
       .spin_cores = static_cast<int>(allowed_cores(machine)),
       .pinning = pinning,
       .keep_output =
           [&](const Workload& workload, const Strategy& strategy, const Job& job, std::int64_t items) {
             // Of a curve there are as many as sizes, all alike, and the large ones take seconds each.
             if (options.pictures && choice.sizes.size() == 1) pictures.keep(workload, strategy, job, items);
           }});
  Progress progress(plan.size(), isatty(STDERR_FILENO) != 0);
  config.starting = [&](const Experiment& experiment) { progress.show(experiment.name()); };
  const bool on_console = options.format == Format::console;
  if (on_console) std::cout << describe_run(facts) << std::flush;
  std::optional<WideTable> table;
  if (on_console) table.emplace(std::cout, options.color_output, longest_name(plan));
  RowReporter rows(plan, [&](const Row& row, const std::vector<RowReporter::Run>& runs) {
    progress.clear();
    if (table) table->show(row, runs);
  });
  RunReport report(facts, folder, rows);
  interruption.watch([&] { session.stop(); }, [&] { save_or_say(report, facts, interruption.status()); });

  run_plan(plan, config, session, observers, rows);
  progress.clear();
  const bool gil_enabled_at_end = interruption.requested()
                                      ? facts.python.gil_enabled
                                      : python.attached([&] { return python.api().gil_enabled(); });
  report.save(gil_enabled_at_end, interruption.status());
  write_timeline(gil, facts);
  report.print();
  // A thread may still be waiting to stop what has stopped by itself, so the interpreter cannot be ended.
  if (interruption.requested()) _exit(interruption.status());
  const std::vector<Row> finished = rows.rows();
  return std::ranges::any_of(finished, [](const Row& row) { return row.outcome == Outcome::failed; }) ? 1 : 0;
}

}  // namespace harness
