// harness/commands/comparison_plan.cpp: from the options to what a comparison consists of.
#include "harness/commands/comparison_plan.h"

#include <algorithm>

#include "harness/commands/commands.h"
#include "harness/interpreter/find.h"
#include "harness/interpreter/resolve.h"
#include "harness/report/console_text.h"
#include "harness/system/sha256.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

PlannedPython planned(const Interpreter& interpreter, const std::string& label, const std::string& text) {
  const fs::path binary = code_file(interpreter);
  return {.label = label,
          .text = text,
          .version = version_name(interpreter),
          .binary = binary.string(),
          .sha256 = sha256_of_file(binary)};
}

/// --python=all: every usable interpreter, called by its version and, from the second of that version on, a
/// number.
std::vector<PlannedPython> all_pythons(const SearchPaths& search) {
  std::vector<PlannedPython> pythons;
  for (const Interpreter& interpreter : find_interpreters(search)) {
    if (!interpreter.usable()) continue;
    const fs::path& file = interpreter.executable.empty() ? interpreter.libpython : interpreter.executable;
    const std::string version = version_name(interpreter);
    std::string label = version;
    for (int number = 2; std::ranges::find(pythons, label, &PlannedPython::label) != pythons.end();
         ++number) {
      label = version + "-" + std::to_string(number);
    }
    pythons.push_back(planned(interpreter, label, label + "=" + file.string()));
  }
  if (pythons.size() < 2) {
    throw UserError("--python=all: fewer than two interpreters are found; --list-pythons lists them");
  }
  return pythons;
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
  for (const fs::path& library : {installation.embed_module, installation.guest_module}) {
    if (fs::is_regular_file(library)) files[library.string()] = sha256_of_file(library);
  }
  const fs::path scripts = options.scripts.empty() ? installation.scripts : options.scripts;
  std::error_code none;  // a folder that is not there is the processes' to report
  for (const auto& entry : fs::directory_iterator(scripts, none)) {
    if (entry.path().extension() == ".py") files[entry.path().string()] = sha256_of_file(entry.path());
  }
  return files;
}

}  // namespace

ComparisonPlan plan_comparison(const Options& options, const SearchPaths& search,
                               const Installation& installation) {
  planned_experiments(options);  // throws where the processes would all refuse the filter
  ComparisonPlan plan{.arguments = options.given_flags,
                      .work_flags = work_flags(options),
                      .working_directory = fs::current_path().string(),
                      .seed = 0,
                      .pythons = {},
                      .files = hashes_of_files(options, installation),
                      .program_sha256 = sha256_of_file("/proc/self/exe")};
  if (options.all_pythons) {
    plan.pythons = all_pythons(search);
    return plan;
  }
  for (const PythonSpec& python : options.pythons) {
    plan.pythons.push_back(planned(resolve_interpreter(python.spec, search), python.label, python.text));
  }
  return plan;
}

std::string plan_text(const ComparisonPlan& plan, const fs::path& folder) {
  Table table{.columns = {{.key = "label"}, {.key = "version"}, {.key = "binary"}, {.key = "python"}},
              .kept = 4};
  for (const PlannedPython& python : plan.pythons) {
    table.rows.push_back(
        {{python.label}, {"CPython " + python.version}, {python.binary}, {"--python=" + python.text}});
  }
  return table_text(table, 0, {.width = std::string::npos}) + "seed " + std::to_string(plan.seed) +
         "; results: " + folder.string() + "\n";
}

}  // namespace harness
