// harness/commands/comparison_report.cpp: what is left of a comparison: its files, and what is printed at its
// end.
#include "harness/commands/comparison_report.h"

#include <iostream>
#include <system_error>

#include "harness/compare/comparison_files.h"
#include "harness/compare/exports.h"
#include "harness/compare/table.h"
#include "harness/error.h"
#include "harness/system/atomic_file.h"

namespace harness {
namespace {

using Facts = std::vector<std::pair<std::string, std::string>>;

/// The results of one interpreter's processes, as they ran.
std::vector<ProcessFile> results_of(const Journal& journal, const std::filesystem::path& folder,
                                    std::size_t python) {
  std::vector<ProcessFile> files;
  for (const JournalEntry& entry : journal.entries()) {
    if (entry.python != python || !entry.failure.empty()) continue;
    files.push_back({entry.round, folder / entry.folder / "result.json"});
  }
  return files;
}

void write_files(const Journal& journal, const std::filesystem::path& folder, const Comparison& comparison,
                 const Facts& facts) {
  const auto write = [&](const std::string& name, const std::string& text) {
    try {
      write_file_atomically(folder / name, text);
    } catch (const std::system_error& error) {
      throw UserError("--out: cannot write " + (folder / name).string() + ": " + error.code().message());
    }
  };
  write("comparison.csv", comparison_csv(comparison));
  write("comparison.json", comparison_json(comparison, facts));
  write("comparison.md", comparison_markdown(comparison));
  for (std::size_t python = 0; python < comparison.labels.size(); ++python) {
    const std::vector<ProcessFile> files = results_of(journal, folder, python);
    if (files.empty()) continue;
    write(comparison.labels[python] + ".json", benchmark_json_of(files));
    write(comparison.labels[python] + ".pyperf.json", pyperf_json_of(files));
  }
}

}  // namespace

void print_comparison(const Options& options, const Comparison& comparison, const Facts& facts) {
  if (options.format == Format::json) std::cout << comparison_json(comparison, facts);
  if (options.format == Format::csv) std::cout << comparison_csv(comparison);
  if (options.format == Format::console) std::cout << comparison_text(comparison, options.color_output);
}

void report_comparison(const Options& options, const Journal& journal, const std::filesystem::path& folder,
                       const RoundsEnd& end) {
  const Facts facts{{"seed", std::to_string(journal.plan().seed)},
                    {"rounds", std::to_string(end.rounds)},
                    {"folder", folder.string()},
                    {"command_line", options.command_line}};
  print_comparison(options, end.comparison, facts);
  if (options.format == Format::console && options.pin) std::cout << "pinned: " << end.pinned << '\n';
  std::cout.flush();
  for (const auto& [warning, processes] : end.warnings) {
    std::cerr << "warning: in " << processes << " of " << journal.entries().size()
              << " processes: " << warning << '\n';
  }
  if (end.cancelled) {
    std::cerr << "interrupted after " << end.rounds
              << " rounds; go on by: harness --resume=" << folder.string() << '\n';
    return;
  }
  write_files(journal, folder, end.comparison, facts);
}

int comparison_status(const Comparison& comparison, bool failed, std::optional<double> fail_if_slower) {
  if (failed || any_failed(comparison)) return 1;
  return fail_if_slower ? fail_if_status(comparison, *fail_if_slower) : 0;
}

}  // namespace harness
