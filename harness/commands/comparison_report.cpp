// harness/commands/comparison_report.cpp: what is left of a comparison: its files, and what is printed at its
// end.
#include "harness/commands/comparison_report.h"

#include <iostream>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/compare/comparison_document.h"
#include "harness/compare/comparison_json.h"
#include "harness/compare/exports.h"
#include "harness/compare/finished_process.h"
#include "harness/error.h"
#include "harness/report/csv.h"
#include "harness/report/markdown.h"
#include "harness/report/renderers.h"
#include "harness/system/atomic_file.h"

namespace harness {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

/// The results of one interpreter's processes, as they ran.
std::vector<ProcessFile> results_of(const Journal& journal, std::size_t python) {
  std::vector<ProcessFile> files;
  for (const JournalEntry& entry : journal.entries()) {
    if (entry.python != python || !entry.failure.empty()) continue;
    files.push_back({entry.round, journal.folder() / entry.folder / "result.json"});
  }
  return files;
}

void write_result(const std::filesystem::path& file, const std::string& text) {
  try {
    write_file_atomically(file, text);
  } catch (const std::system_error& error) {
    throw UserError("--out: cannot write " + file.string() + ": " + error.code().message());
  }
}

Entries entries_of(const Options& options, const Journal& journal, const RoundsEnd& end) {
  return {{"seed", std::to_string(journal.plan().seed)},
          {"rounds", std::to_string(end.rounds)},
          {"folder", journal.folder().string()},
          {"command_line", options.command_line}};
}

/// Where it lies says nothing to those whom it is shown.
Document document_of(const Comparison& comparison, Entries facts) {
  std::erase_if(facts, [](const auto& fact) { return fact.first == "folder"; });
  Document document = comparison_document(comparison);
  document.facts = std::move(facts);
  return document;
}

}  // namespace

void print_comparison(const Options& options, const Comparison& comparison, const Entries& facts) {
  if (options.format == kJson) {
    std::cout << comparison_json(comparison, facts);
    return;
  }
  // A comparison's rows do not come one by one, so that of Google Benchmark's table there is nothing to show.
  const Renderer* const renderer = find_renderer(options.format == kGbench ? kConsole : options.format);
  std::cout << renderer->text(document_of(comparison, facts),
                              {.width = options.width, .color = options.color_output});
}

void write_comparison_files(const std::filesystem::path& folder, const Comparison& comparison,
                            const Entries& facts) {
  const Document document = document_of(comparison, facts);
  write_result(folder / "comparison.csv", csv_text(document.data));
  write_result(folder / "comparison.json", comparison_json(comparison, facts));
  write_result(folder / "comparison.md", markdown_text(document));
}

void write_comparison(const Options& options, const Journal& journal, const RoundsEnd& end) {
  write_comparison_files(journal.folder(), end.comparison, entries_of(options, journal, end));
  const std::vector<PlannedPython>& pythons = journal.plan().pythons;
  for (std::size_t python = 0; python < pythons.size(); ++python) {
    const std::vector<ProcessFile> files = results_of(journal, python);
    if (files.empty()) continue;
    write_result(journal.folder() / (pythons[python].label + ".json"), benchmark_json_of(files));
    write_result(journal.folder() / (pythons[python].label + ".pyperf.json"), pyperf_json_of(files));
  }
}

void print_warnings(const std::map<std::string, int>& warnings, std::size_t processes) {
  for (const std::string& warning : warning_sentences(warnings, processes))
    std::cerr << "warning: " << warning << '\n';
}

void report_comparison(const Options& options, const Journal& journal, const RoundsEnd& end) {
  print_comparison(options, end.comparison, entries_of(options, journal, end));
  if (options.format == kConsole && options.pin) std::cout << "pinned: " << end.pinned << '\n';
  std::cout.flush();
  print_warnings(end.warnings, journal.entries().size());
  if (end.cancelled) {
    std::cerr << "interrupted after " << end.rounds
              << " rounds; verdicts come once all have run; go on by: harness --resume="
              << journal.folder().string() << '\n';
    return;
  }
  write_comparison(options, journal, end);
}

int comparison_status(const Comparison& comparison, bool failed, std::optional<double> fail_if_slower) {
  if (failed || any_failed(comparison)) return 1;
  return fail_if_slower ? fail_if_status(comparison, *fail_if_slower) : 0;
}

}  // namespace harness
