// harness/commands/run.cpp: the ordinary run: one interpreter, its experiments, their report.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <iostream>
#include <mutex>
#include <system_error>

#include "harness/commands/commands.h"
#include "harness/commands/run_context.h"
#include "harness/google_benchmark/rows.h"
#include "harness/image/codec.h"
#include "harness/interpreter/resolve.h"
#include "harness/report/csv.h"
#include "harness/report/summary.h"
#include "harness/report/warnings.h"
#include "harness/run/installation.h"
#include "harness/run/interruption.h"
#include "harness/run/progress.h"
#include "harness/system/atomic_file.h"
#include "harness/system/cpu_activity.h"
#include "harness/system/sha256.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

// What grayscale needs for each pixel: the source, the result and the reference; of a file also its bytes
// decoded, which may be 4 channels of 16 bits, and converted.
constexpr std::int64_t kSyntheticBytesPerPixel = 3 + 1 + 1;
constexpr std::int64_t kFileBytesPerPixel = kSyntheticBytesPerPixel + 8 + 4;

std::shared_ptr<const Image> load_image(const Options& options, const Machine& machine, Codec& codec) {
  if (!options.image.empty()) return std::make_shared<Image>(codec.read(options.image));
  const auto available = static_cast<std::int64_t>(machine.memory.available_bytes);
  if (options.size.pixels() > available / kSyntheticBytesPerPixel) {
    throw UserError("--size=" + std::to_string(options.size.width) + "x" + std::to_string(options.size.height) +
                    ": too large for this machine's free memory (" + std::to_string(available >> 20) +
                    " MiB); give a smaller size");
  }
  return std::make_shared<Image>(synthetic_image(options.size));
}

fs::path scripts_folder(const Options& options, const Installation& installation) {
  if (options.scripts.empty()) return installation.scripts;
  if (!fs::is_directory(options.scripts)) {
    throw UserError("--scripts=" + options.scripts.string() + ": there is no such folder");
  }
  return fs::absolute(options.scripts);
}

/// "3.13.5t" out of sys.version.
std::string short_version(const embed::Facts& python) {
  return python.version.substr(0, python.version.find(' ')) + (python.free_threaded ? "t" : "");
}

std::string utc_time() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &utc);
  return text.data();
}

/// Makes the run's folder and sees that files can be written into it, before anything is timed.
fs::path make_out_folder(const Options& options, const Installation& installation, const embed::Facts& python) {
  const fs::path standard = installation.results / (utc_time() + "-" + short_version(python));
  const fs::path folder = options.out.empty() ? standard : options.out;
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error && !fs::is_directory(folder)) error = std::make_error_code(std::errc::not_a_directory);
  if (!error && access(folder.c_str(), W_OK | X_OK) != 0) error = {errno, std::generic_category()};
  if (!error) return folder;
  throw UserError("--out=" + folder.string() + ": cannot write there: " + error.message() +
                  "; give a folder that you may write to");
}

/// What a run has when its rows begin: everything that its report is made of.
class Report {
 public:
  Report(const RunFacts& facts, fs::path folder, RowReporter& rows)
      : facts_(facts), folder_(std::move(folder)), rows_(rows) {}

  /// Writes result.json, once; a later call does nothing. From any thread.
  void save(bool gil_enabled_at_end, int interrupted) {
    const std::lock_guard guard(lock_);
    if (!json_.empty()) return;
    const std::vector<Row> rows = rows_.rows();
    warnings_ = warnings_of(conditions(), rows);
    json_ = rows_.json(context_of(facts_, gil_enabled_at_end, warnings_, interrupted));
    write_file_atomically(folder_ / "result.json", json_);
  }

  /// After save(): to standard output in the format that was asked for, and the warnings to standard error.
  void print() const {
    const Options& options = facts_.options;
    const std::vector<Row> rows = rows_.rows();
    if (options.format == Format::json) std::cout << json_;
    if (options.format == Format::csv) std::cout << to_csv(rows);
    if (options.format == Format::console) {
      std::cout << summarize(rows, facts_.python.gil_enabled, options.color_output) << "\nresults: "
                << (folder_ / "result.json").string() << '\n';
    }
    std::cout.flush();
    for (const std::string& warning : warnings_) std::cerr << "warning: " << warning << '\n';
  }

 private:
  Conditions conditions() const {
    Conditions conditions{.debug_build = HARNESS_DEBUG_BUILD,
                          .debug_interpreter = facts_.python.debug,
                          .allowed_cores = allowed_cores(facts_.machine),
                          .governor = facts_.machine.governor,
                          .others = {},
                          .stolen = {}};
    const auto now = CpuActivity::now();
    if (const auto shares = start_ && now ? cpu_shares(*start_, *now) : std::nullopt) {
      conditions.others = shares->others;
      conditions.stolen = shares->stolen;
    }
    return conditions;
  }

  const RunFacts& facts_;
  const fs::path folder_;
  RowReporter& rows_;
  const std::optional<CpuActivity> start_ = CpuActivity::now();
  std::mutex lock_;
  std::string json_;
  std::vector<std::string> warnings_;
};

/// Writes each strategy's image once, for whichever thread count comes first: all are verified to be equal.
class Pictures {
 public:
  Pictures(fs::path folder, Codec& codec, std::shared_ptr<const Image> image)
      : folder_(std::move(folder)), codec_(codec), image_(std::move(image)) {}

  void keep(const Experiment& experiment, const Job& job) {
    if (!job.picture) return;
    const fs::path file = folder_ / (std::string(experiment.workload->name) + "-" +
                                     std::string(experiment.strategy.name) + ".png");
    if (std::ranges::find(written_, file) != written_.end()) return;
    codec_.write_gray_png(file, job.picture().data(), image_->size);
    written_.push_back(file);
  }

 private:
  const fs::path folder_;
  Codec& codec_;
  const std::shared_ptr<const Image> image_;
  std::vector<fs::path> written_;
};

std::string describe_run(const RunFacts& facts) {
  const embed::Facts& python = facts.python;
  std::string text = "CPython " + short_version(python) + (python.gil_enabled ? " (GIL on)" : " (GIL off)") +
                     ", " + facts.libpython + "\n" + facts.machine.cpu_model + ", " +
                     std::to_string(facts.machine.allowed_cpus.size()) + " cores allowed\n";
  if (facts.image != nullptr) {
    const Image& image = *facts.image;
    text += "image: " + image.name + ", " + std::to_string(image.size.width) + "x" +
            std::to_string(image.size.height) +
            (image.conversion.empty() ? "" : " (" + image.conversion + ")") + "\n";
  }
  return text + "\n";
}

std::size_t longest_name(const std::vector<Experiment>& plan) {
  std::size_t longest = 0;
  for (const Experiment& experiment : plan) longest = std::max(longest, experiment.name().size());
  return longest;
}

bool needs_image(const std::vector<Experiment>& plan) {
  return std::ranges::any_of(plan, [](const Experiment& experiment) {
    return experiment.workload->name == kGrayscale.name;
  });
}

}  // namespace

int run(const Options& options, const SearchPaths& search, const Machine& machine) {
  const std::vector<Experiment> plan = make_plan(options.filter, options.threads);
  Interruption interruption;
  const Installation installation = find_installation();
  const fs::path scripts = scripts_folder(options, installation);
  RowsConfig config{.program = "harness",
                    .repetitions = options.repetitions,
                    .min_time_s = options.min_time_s,
                    .flags = options.benchmark_flags,
                    .interrupted = [&] { return interruption.requested(); },
                    .starting = {}};
  initialize_google_benchmark(config);
  Codec codec(installation.codec_module,
              static_cast<std::int64_t>(machine.memory.available_bytes) / kFileBytesPerPixel);
  const std::shared_ptr<const Image> image = needs_image(plan) ? load_image(options, machine, codec) : nullptr;
  const Interpreter interpreter = resolve_interpreter(options.python, search, Facts::kFromFiles);

  const embed::Python python(
      interpreter.libpython, installation.embed_module,
      {.program = interpreter.executable.string(), .switch_interval_s = options.switch_interval_s});
  const RunFacts facts{.options = options,
                       .machine = machine,
                       .libpython = interpreter.libpython.string(),
                       .libpython_sha256 = sha256_of_file(interpreter.libpython),
                       .python = python.attached([&] { return python.api().facts(); }),
                       .image = image.get()};
  const fs::path folder = make_out_folder(options, installation, facts.python);
  Pictures pictures(folder, codec, image);
  Session session(python, scripts,
                  {.countdown_steps = options.countdown_steps, .sum_n = options.sum_n, .image = image},
                  static_cast<int>(allowed_cores(machine)),
                  [&](const Experiment& experiment, const Job& job) { pictures.keep(experiment, job); });
  Progress progress(plan.size(), isatty(STDERR_FILENO) != 0);
  config.starting = [&](const Experiment& experiment) { progress.show(experiment.name()); };
  const bool on_console = options.format == Format::console;
  if (on_console) std::cout << describe_run(facts) << std::flush;
  const RowReporter::Console console{
      .out = &std::cout, .color = options.color_output, .name_width = longest_name(plan)};
  RowReporter rows(on_console ? std::optional(console) : std::nullopt, [&] { progress.clear(); });
  Report report(facts, folder, rows);
  interruption.watch([&] { session.stop(); },
                     [&] { report.save(facts.python.gil_enabled, interruption.status()); });

  run_rows(plan, config, session, rows);
  progress.clear();
  const bool gil_enabled_at_end =
      interruption.requested() ? facts.python.gil_enabled
                               : python.attached([&] { return python.api().gil_enabled(); });
  report.save(gil_enabled_at_end, interruption.status());
  report.print();
  // A thread may still be waiting to stop what has stopped by itself, so the interpreter cannot be ended.
  if (interruption.requested()) _exit(interruption.status());
  const std::vector<Row> finished = rows.rows();
  return std::ranges::any_of(finished, &Row::failed) ? 1 : 0;
}

}  // namespace harness
