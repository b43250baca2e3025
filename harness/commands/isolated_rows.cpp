// harness/commands/isolated_rows.cpp: rows that have a process of their own, so that nothing ran before them.
#include "harness/commands/isolated_rows.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "harness/commands/library_facts.h"
#include "harness/commands/run_report.h"
#include "harness/compare/child.h"
#include "harness/system/text.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

/// A row may take as long as it likes.
constexpr std::chrono::hours kForever{24 * 365};

/// The filter that takes the row of this name only.
std::string filter_of(const std::string& name) {
  std::string filter = "--filter=^";
  for (const char c : name) {
    if (std::string_view("\\^$.[]|()*+?{}").find(c) != std::string_view::npos) filter += '\\';
    filter += c;
  }
  return filter + "$";
}

/// Whether the process is given the flag as the run was: not what says which rows, nor what names a file that
/// this process writes.
bool is_passed_on(const std::string& flag) {
  static const std::vector<std::string> kOwn{
      "--filter=", "--shuffle-rows=", "--gil-trace=", "--benchmark_filter=", "--benchmark_out"};
  return std::ranges::none_of(kOwn, [&](const std::string& own) { return flag.starts_with(own); });
}

/// The calling thread on other CPUs, for what it starts. Where the system refuses it stays where it is.
class OnCpus {
 public:
  explicit OnCpus(const cpu_set_t& cpus) {
    if (sched_getaffinity(0, sizeof before_, &before_) == 0) sched_setaffinity(0, sizeof cpus, &cpus);
  }
  ~OnCpus() { sched_setaffinity(0, sizeof before_, &before_); }
  OnCpus(const OnCpus&) = delete;
  OnCpus& operator=(const OnCpus&) = delete;

 private:
  cpu_set_t before_{};
};

/// A folder that is there as long as this.
class Folder {
 public:
  explicit Folder(fs::path path) : path_(std::move(path)) {
    fs::remove_all(path_);  // what a run left that was killed
    fs::create_directories(path_);
  }
  ~Folder() {
    std::error_code kept;
    fs::remove_all(path_, kept);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  const fs::path path_;
};

/// Those that the row has left in its own folder.
void keep_pictures(const fs::path& from, const fs::path& folder) {
  for (const fs::directory_entry& file : fs::directory_iterator(from)) {
    if (file.path().extension() == ".png") fs::rename(file.path(), folder / file.path().filename());
  }
}

}  // namespace

IsolatedRows::IsolatedRows(fs::path program, const Options& options)
    : program_(std::move(program)),
      options_(options),
      working_directory_(fs::current_path()),
      knows_cpus_(sched_getaffinity(0, sizeof cpus_, &cpus_) == 0) {}

Command IsolatedRows::command(const Experiment& experiment, const FoundInterpreter& python,
                              const fs::path& folder, bool timeline) const {
  Command command{.argv = {program_.string()},
                  .environment = {},
                  .inherits_environment = false,
                  .working_directory = working_directory_};
  std::vector<std::string>& argv = command.argv;
  std::ranges::copy_if(options_.work_flags, std::back_inserter(argv), is_passed_on);
  argv.insert(argv.end(), {filter_of(experiment.name()), "--isolated", "--parent=" + std::to_string(getpid()),
                           "--out=" + folder.string(), "--format=csv", "--color=never"});
  if (!options_.pictures) argv.emplace_back("--no-pictures");
  if (timeline) argv.push_back("--gil-trace=" + (working_directory_ / options_.gil_trace_file).string());
  if (!options_.ceilings) argv.emplace_back("--no-ceilings");
  const std::string& spec = options_.pythons.front().text;
  if (!spec.empty()) argv.push_back("--python=" + spec);
  for (const std::string& word : words_of(python)) argv.push_back(std::string(kFoundFlag) + word);
  for (std::string& flag : flags_of(library_facts(options_))) argv.push_back(std::move(flag));
  for (const auto& [name, value] : options_.whole_environment) command.environment[name] = value;
  return command;
}

void IsolatedRows::stop() {
  const std::lock_guard guard(lock_);
  stopped_ = true;
  if (running_ != nullptr) running_->request();
}

ProcessResult IsolatedRows::wait_for(Subprocess& process) {
  const Cancellation cancellation;
  const auto set_running = [this](const Cancellation* running) {
    const std::lock_guard guard(lock_);
    running_ = running;
    if (running != nullptr && stopped_) running->request();
  };
  struct Reset {
    const decltype(set_running)& set;
    ~Reset() { set(nullptr); }
  };
  const Reset reset{set_running};
  set_running(&cancellation);
  return process.wait(kForever, cancellation.descriptor());
}

/// What failed is said once, however many rows it fails.
std::string IsolatedRows::untold(const std::string& text, const std::string& row) {
  const std::string begin = row + " failed:";
  const bool is_told = text.starts_with(begin) && !shown_.insert(text.substr(begin.size())).second;
  return is_told ? "" : printable(text);
}

IsolatedEnd IsolatedRows::run(const Experiment& experiment, const FoundInterpreter& python,
                              const fs::path& folder, bool timeline) {
  try {
    const Folder own(folder / "isolated");
    const Command started = command(experiment, python, own.path(), timeline);
    // It ends when the thread does that has started it, which is the one that ends this process.
    std::optional<Subprocess> child;
    {
      std::optional<OnCpus> cpus;
      if (knows_cpus_) cpus.emplace(cpus_);
      child.emplace(started);
    }
    const ProcessResult result = wait_for(*child);
    if (result.cancelled) return {.result = {}, .failure = "it was interrupted", .said = {}};
    const std::string said = untold(result.standard_error, experiment.name());
    const ChildEnd end = end_of_child(result, own.path(), kForever);
    const std::string failure = end.user_error.empty() ? end.failure : "refused: " + end.user_error;
    if (!failure.empty()) return {.result = {}, .failure = "its process " + failure, .said = said};
    keep_pictures(own.path(), folder);
    imported_files_ += read_text_file(own.path() / kImportedFiles).value_or("");
    return {.result = read_text_file(own.path() / "result.json").value_or(""), .failure = {}, .said = said};
  } catch (const std::system_error& error) {  // of starting it, or of its folder
    return {
        .result = {}, .failure = std::string("its process cannot be started: ") + error.what(), .said = {}};
  }
}

}  // namespace harness
