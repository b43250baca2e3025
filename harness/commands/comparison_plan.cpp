// harness/commands/comparison_plan.cpp: from the options to what a comparison consists of.
#include "harness/commands/comparison_plan.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "harness/commands/commands.h"
#include "harness/commands/library_facts.h"
#include "harness/commands/run_report.h"
#include "harness/compare/comparison_document.h"
#include "harness/compare/order.h"
#include "harness/interpreter/find.h"
#include "harness/interpreter/found.h"
#include "harness/interpreter/probe.h"
#include "harness/interpreter/resolve.h"
#include "harness/report/console_text.h"
#include "harness/system/sha256.h"
#include "harness/system/text.h"
#include "harness/workloads/workload.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

using Environment = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kModules = "PYTHONPATH";

/// Whether the processes, which have these variables on top of this one's, would find the same interpreter.
bool found_alike(const Environment& environment) {
  return std::ranges::all_of(environment, [](const auto& variable) {
    return variable.first.starts_with("PYTHON_") || variable.first.starts_with("OMP_") ||
           variable.first == kModules;
  });
}

/// As long as it lives, this process has the PYTHONPATH that an interpreter's processes have, so that what is
/// asked here of that interpreter is what they would find.
class ModulesOf {
 public:
  explicit ModulesOf(const Environment& environment) {
    const auto given = std::ranges::find(environment, kModules, &Environment::value_type::first);
    if (given == environment.end()) return;
    const char* const before = getenv(kModules);
    restore_ = [before = before == nullptr ? std::nullopt : std::optional<std::string>(before)] {
      before ? setenv(kModules, before->c_str(), 1) : unsetenv(kModules);
    };
    setenv(kModules, given->second.c_str(), 1);
  }
  ~ModulesOf() {
    if (restore_) restore_();
  }
  ModulesOf(const ModulesOf&) = delete;
  ModulesOf& operator=(const ModulesOf&) = delete;

 private:
  std::function<void()> restore_;
};

/// Adds the interpreter and what its processes are told: of it, and by `libraries`.
void add(Interpreter interpreter, const PythonSpec& python, const std::vector<std::string>& libraries,
         PlannedComparison& planned) {
  // An ordinary run takes the executable that belongs to a libpython by its place, and asks it nothing.
  if (interpreter.executable.empty()) interpreter.executable = executable_beside(interpreter);
  const FoundInterpreter found = hashed(std::move(interpreter));
  planned.plan.pythons.push_back({.label = python.label,
                                  .text = python.text,
                                  .version = version_name(found.interpreter),
                                  .binary = code_file(found.interpreter).string(),
                                  .sha256 = found.sha256});
  std::vector<std::string>& flags = planned.more_flags.emplace_back();
  if (!found_alike(python.environment)) return;
  flags = libraries;
  for (const std::string& word : words_of(found)) flags.push_back(std::string(kFoundFlag) + word);
}

/// --python=all: every usable interpreter, called by its version and, from the second of that version on, a
/// number.
void add_all(const SearchPaths& search, const std::vector<std::string>& libraries,
             PlannedComparison& planned) {
  const std::vector<PlannedPython>& pythons = planned.plan.pythons;
  for (const Interpreter& interpreter : find_interpreters(search)) {
    if (!interpreter.usable()) continue;
    const fs::path& file = interpreter.executable.empty() ? interpreter.libpython : interpreter.executable;
    const std::string version = version_name(interpreter);
    std::string label = version;
    for (int number = 2; std::ranges::find(pythons, label, &PlannedPython::label) != pythons.end();
         ++number) {
      label = version + "-" + std::to_string(number);
    }
    add(interpreter,
        {.text = label + "=" + spec_of_path(file.string()),
         .label = label,
         .spec = file.string(),
         .environment = {}},
        libraries, planned);
  }
  if (pythons.size() < 2) {
    throw UserError("--python=all: fewer than two interpreters are found; --list-pythons lists them");
  }
}

/// What each process is given. Processes are what is repeated, so that each need not take long.
std::vector<std::string> work_flags(const Options& options) {
  constexpr const char* kMinTime = "--min-time=";
  std::vector<std::string> flags = options.work_flags;
  const auto given = [&](const std::string& flag) { return flag.starts_with(kMinTime); };
  if (std::ranges::none_of(flags, given)) flags.push_back(kMinTime + std::string("0.05"));
  return flags;
}

/// The files that the work depends on: those that flags name, the scripts, and the program's own libraries.
std::map<std::string, std::string> hashes_of_files(const Options& options, const Installation& installation) {
  std::map<std::string, std::string> files;
  for (const std::string& flag : options.work_flags) {
    const fs::path value = flag.substr(std::min(flag.find('='), flag.size() - 1) + 1);
    if (fs::is_regular_file(value)) files[value.string()] = sha256_of_file(value);
  }
  for (const fs::path& library :
       {installation.embed_module, installation.guest_module, installation.codec_module,
        installation.kernels_module, installation.cuda_module}) {
    if (fs::is_regular_file(library)) files[library.string()] = sha256_of_file(library);
  }
  const fs::path scripts = options.scripts.empty() ? installation.scripts : options.scripts;
  std::error_code none;  // a folder that is not there is the processes' to report
  for (const auto& entry : fs::directory_iterator(scripts, none)) {
    const std::string kind = entry.path().extension().string();
    if (kind == ".py" || kind == ".pyx") files[entry.path().string()] = sha256_of_file(entry.path());
  }
  return files;
}

std::optional<PlannedPart> part_of(const CompareOptions& options) {
  if (!options.shard) return std::nullopt;
  return PlannedPart{.part = options.shard->part, .parts = options.shard->parts, .rounds = options.rounds};
}

/// Which file it is and when it was last written; empty where there is none.
std::string stamp_of(const fs::path& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) return "";
  std::string stamp;
  for (const auto number :
       {static_cast<std::int64_t>(facts.st_dev), static_cast<std::int64_t>(facts.st_ino),
        static_cast<std::int64_t>(facts.st_size), static_cast<std::int64_t>(facts.st_mtim.tv_sec),
        static_cast<std::int64_t>(facts.st_mtim.tv_nsec)}) {
    stamp += std::to_string(number) + " ";
  }
  return stamp;
}

/// Whether the file was written, or put there, since `time`: nobody can set that time of it.
bool changed_since(const fs::path& file, std::chrono::system_clock::time_point time) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) return false;
  const auto since =
      std::chrono::seconds(facts.st_ctim.tv_sec) + std::chrono::nanoseconds(facts.st_ctim.tv_nsec);
  return std::chrono::system_clock::time_point(
             std::chrono::duration_cast<std::chrono::system_clock::duration>(since)) > time;
}

}  // namespace

void check_columns_of_processes(const Options& options) {
  std::vector<std::string> item_units{"calls", "items"};  // of benchmarks of the user's own
  for (const Workload& workload : all_workloads()) item_units.push_back(workload.item_unit);
  check_comparison_columns(options.columns, kept_counters(item_units));
}

PlannedComparison plan_comparison(const Options& options, const SearchPaths& search,
                                  const Installation& installation) {
  // Throws where the processes would all refuse the filter. What a user's file measures only they can tell.
  if (options.workloads.empty()) planned_experiments(options, {});
  check_columns_of_processes(options);
  PlannedComparison planned{.plan = {.arguments = options.given_flags,
                                     .work_flags = work_flags(options),
                                     .working_directory = fs::current_path().string(),
                                     .seed = 0,
                                     .pythons = {},
                                     .files = hashes_of_files(options, installation),
                                     .environment = {options.environment.begin(), options.environment.end()},
                                     .program_sha256 = sha256_of_file("/proc/self/exe"),
                                     .part = part_of(options.compare),
                                     .interleaved = options.compare.interleaved},
                            .more_flags = {}};
  const std::vector<std::string> libraries = flags_of(library_facts(options));
  if (options.all_pythons) add_all(search, libraries, planned);
  for (const PythonSpec& python : options.pythons) {
    const ModulesOf modules(python.environment);
    add(resolve_interpreter(python.spec, search), python, libraries, planned);
  }
  return planned;
}

std::uint32_t seed_of_parts(const ComparisonPlan& plan) {
  std::vector<std::string> words = plan.work_flags;
  for (const PlannedPython& python : plan.pythons) words.insert(words.end(), {python.label, python.sha256});
  words.insert(words.end(), {std::to_string(plan.part->parts), std::to_string(plan.part->rounds)});
  return seed_of(words);
}

std::string plan_text(const ComparisonPlan& plan, const fs::path& folder, std::size_t width) {
  constexpr std::size_t kIndent = 2;
  Table table{.columns = {{.key = "label"}, {.key = "version"}, {.key = "binary"}, {.key = "python"}},
              .kept = 4};
  for (const PlannedPython& python : plan.pythons) {
    table.rows.push_back(
        {{python.label}, {"CPython " + python.version}, {python.binary}, {"--python=" + python.text}});
  }
  const std::string all = table_text(table, 0, {.width = std::string::npos});
  std::string text;
  for (const std::string_view line : lines_of(all)) {
    // What a line goes on with is indented, since the next one begins with a label.
    const std::string whole = wrapped(std::string(line), 0, {.width = width});
    const bool fits = lines_of(whole).size() == 1;
    text += fits ? whole : wrapped(std::string(line), kIndent, {.width = width}).substr(kIndent);
  }
  return text + wrapped("seed " + std::to_string(plan.seed) +
                            (plan.part ? "; part " + std::to_string(plan.part->part) + " of " +
                                             std::to_string(plan.part->parts) + " of " +
                                             std::to_string(plan.part->rounds) + " rounds"
                                       : "") +
                            "; results: " + folder.string(),
                        0, {.width = width});
}

WorkWatch::WorkWatch(Journal& journal, const fs::path& program) : journal_(journal) {
  const ComparisonPlan& plan = journal.plan();
  for (const auto& [file, sha256] : plan.files) add(fs::path(plan.working_directory) / file, sha256, true);
  for (const auto& [file, sha256] : journal.files()) add(file, sha256, false);
  add(program, plan.program_sha256, true);
}

bool WorkWatch::knows(const fs::path& file) const {
  return std::ranges::find(files_, file, &Watched::path) != files_.end();
}

std::string WorkWatch::changed(const fs::path& folder, std::chrono::system_clock::time_point started) {
  const std::string imported = read_text_file(folder / kImportedFiles).value_or("");
  JournalFiles files;
  for (const std::string_view line : lines_of(imported)) {
    const fs::path file = line;
    if (knows(file) || !fs::is_regular_file(file)) continue;
    if (changed_since(file, started)) return file.string();
    files[file.string()] = sha256_of_file(file);
    add(file, files[file.string()], true);
  }
  if (!files.empty()) journal_.add(files);
  return changed();
}

void WorkWatch::add(const fs::path& file, const std::string& sha256, bool is_known) {
  files_.push_back({.path = file, .sha256 = sha256, .stamp = is_known ? stamp_of(file) : ""});
}

std::string WorkWatch::changed() {
  for (Watched& file : files_) {
    const std::string stamp = stamp_of(file.path);
    if (stamp == file.stamp) continue;
    if (stamp.empty() || sha256_of_file(file.path) != file.sha256) return file.path.string();
    file.stamp = stamp;  // written again, with the same in it
  }
  return "";
}

}  // namespace harness
