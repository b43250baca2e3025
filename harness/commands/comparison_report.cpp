// harness/commands/comparison_report.cpp: what is left of a comparison: its files, and what is printed at its
// end.
#include "harness/commands/comparison_report.h"

#include <iostream>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/commands/known_rows.h"
#include "harness/compare/comparison_document.h"
#include "harness/compare/comparison_json.h"
#include "harness/compare/exports.h"
#include "harness/compare/finished_process.h"
#include "harness/error.h"
#include "harness/report/csv.h"
#include "harness/report/markdown.h"
#include "harness/report/renderers.h"
#include "harness/report/run_summary.h"
#include "harness/row/format.h"
#include "harness/system/atomic_file.h"

namespace harness {
namespace {

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

/// Of an interpreter without a result what was found before the first round. A stored run may be before them.
std::vector<Context> contexts_of(const Journal& journal, const RoundsEnd& end) {
  std::vector<Context> contexts = end.contexts;
  const std::vector<PlannedPython>& pythons = journal.plan().pythons;
  const std::size_t stored = contexts.size() - pythons.size();
  for (std::size_t i = 0; i < pythons.size(); ++i) {
    Context& context = contexts[stored + i];
    if (context.empty()) context = {{"python_version", pythons[i].version}, {"libpython", pythons[i].binary}};
  }
  return contexts;
}

/// Where it lies says nothing to those whom it is shown.
ComparisonFacts told_of(const Options& options, const Journal& journal, const RoundsEnd& end) {
  const std::string seed = std::to_string(journal.plan().seed), rounds = std::to_string(end.rounds);
  ComparisonFacts facts{.stored = {{"seed", seed},
                                   {"rounds", rounds},
                                   {"folder", journal.folder().string()},
                                   {"command_line", options.command_line}},
                        .shown = facts_of(end.comparison.labels, contexts_of(journal, end)),
                        .warnings = warning_sentences(end.warnings, journal.entries().size())};
  facts.shown.insert(facts.shown.end(),
                     {{"seed", seed}, {"rounds", rounds}, {"command", options.command_line}});
  return facts;
}

Document document_of(const Options& options, const Comparison& comparison, const ComparisonFacts& facts) {
  Document document = comparison_document(comparison, traits_of_known_row, options.columns);
  document.facts = facts.shown;
  document.warnings = facts.warnings;
  return document;
}

/// What write_comparison() does, of what is told already.
void write_told(const Options& options, const Journal& journal, const RoundsEnd& end,
                const ComparisonFacts& facts) {
  write_comparison_files(options, journal.folder(), end.comparison, facts);
  const std::vector<PlannedPython>& pythons = journal.plan().pythons;
  for (std::size_t python = 0; python < pythons.size(); ++python) {
    const std::vector<ProcessFile> files = results_of(journal, python);
    if (files.empty()) continue;
    write_result(journal.folder() / (pythons[python].label + ".json"), benchmark_json_of(files));
    write_result(journal.folder() / (pythons[python].label + ".pyperf.json"), pyperf_json_of(files));
  }
}

}  // namespace

void print_comparison(const Options& options, const Comparison& comparison, const ComparisonFacts& facts) {
  if (options.format == kJson) {
    std::cout << comparison_json(comparison, facts.stored);
    return;
  }
  // A comparison's rows do not come one by one, so that of Google Benchmark's table there is nothing to show.
  const Renderer* const renderer = find_renderer(options.format == kGbench ? kConsole : options.format);
  std::cout << renderer->text(document_of(options, comparison, facts),
                              {.width = options.width, .color = options.color_output});
}

void write_comparison_files(const Options& options, const std::filesystem::path& folder,
                            const Comparison& comparison, const ComparisonFacts& facts) {
  const Document document = document_of(options, comparison, facts);
  write_result(folder / "comparison.csv", csv_text(document.data));
  write_result(folder / "comparison.json", comparison_json(comparison, facts.stored));
  write_result(folder / "comparison.md", markdown_text(document));
}

void write_comparison(const Options& options, const Journal& journal, const RoundsEnd& end) {
  write_told(options, journal, end, told_of(options, journal, end));
}

void print_warnings(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) std::cerr << "warning: " << warning << '\n';
}

void report_comparison(const Options& options, const Journal& journal, const RoundsEnd& end) {
  const ComparisonFacts facts = told_of(options, journal, end);
  print_comparison(options, end.comparison, facts);
  if (options.format == kConsole && options.pin) std::cout << "pinned: " << end.pinned << '\n';
  std::cout.flush();
  print_warnings(facts.warnings);
  if (end.cancelled) {
    std::cerr << "interrupted after " << counted(static_cast<std::size_t>(end.rounds), "round")
              << "; verdicts come once all have run; go on by: harness --resume=" << journal.folder().string()
              << '\n';
    return;
  }
  write_told(options, journal, end, facts);
}

int comparison_status(const Comparison& comparison, bool failed, std::optional<double> fail_if_slower) {
  if (failed || any_failed(comparison)) return 1;
  return fail_if_slower ? fail_if_status(comparison, *fail_if_slower) : 0;
}

}  // namespace harness
