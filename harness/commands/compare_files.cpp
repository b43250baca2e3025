// harness/commands/compare_files.cpp: harness compare FILE...: stored runs side by side.
#include <algorithm>
#include <iterator>
#include <set>

#include "harness/commands/commands.h"
#include "harness/commands/comparison_report.h"
#include "harness/commands/stored_subject.h"
#include "harness/compare/comparison_document.h"
#include "harness/error.h"
#include "harness/report/run_summary.h"
#include "harness/row/counters.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

/// The label that the run itself has, else its file's name; with the folder's where that is not told apart.
std::vector<std::string> labels_of(const std::vector<fs::path>& files, const std::vector<StoredRun>& runs) {
  const auto unique = [](const std::vector<std::string>& labels) {
    return std::set<std::string>(labels.begin(), labels.end()).size() == labels.size();
  };
  std::vector<std::string> own, names, paths;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto label = runs[i].context.find("python_label");
    const auto version = runs[i].context.find("python_version");
    const bool named = label != runs[i].context.end() && label->second != "default";
    own.push_back(named                              ? label->second
                  : version != runs[i].context.end() ? version->second.substr(0, version->second.find(' '))
                                                     : files[i].stem().string());
    names.push_back(files[i].stem() == "result" ? fs::absolute(files[i]).parent_path().filename().string()
                                                : files[i].stem().string());
    paths.push_back(files[i].string());
  }
  return unique(own) ? own : unique(names) ? names : paths;
}

/// Prints stored runs side by side: 0, 1, 3 and 4 as compare_interpreters() has it. Throws UserError.
int perform(const Request& request) {
  const Options& options = request.options;
  const std::vector<fs::path>& files = options.operands;
  if (files.size() < 2)
    throw UserError("compare: give two files or more, for instance a/result.json b/result.json");
  std::vector<StoredRun> runs;
  std::vector<std::map<std::string, std::string>> contexts;
  for (const fs::path& file : files) {
    runs.push_back(read_run_with_rows(file));
    contexts.push_back(runs.back().context);
  }
  const std::vector<std::string> labels = labels_of(files, runs);
  ComparisonFacts facts;
  std::vector<Subject> subjects;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    subjects.push_back({.label = labels[i], .processes = processes_of(runs[i])});
    std::ranges::move(warnings_of_run(runs[i], labels[i]), std::back_inserter(facts.warnings));
  }
  std::ranges::move(warnings_of_differences(contexts, labels), std::back_inserter(facts.warnings));
  print_warnings(facts.warnings);
  facts.shown = facts_of(labels, contexts);
  facts.shown.emplace_back("command", options.command_line);
  const Comparison comparison = compare_unpaired(
      subjects, {.margin = options.compare.margin, .confidence = options.compare.confidence});
  std::set<std::string> counters = counters_of(comparison);
  for (const CounterInfo& info : counter_table()) counters.emplace(info.name);
  check_comparison_columns(options.columns, counters);
  print_comparison(options, comparison, facts);
  return comparison_status(comparison, false, options.compare.fail_if_slower);
}

}  // namespace

CommandEntry compare_files_command() {
  return {
      {.name = "compare",
       .help = "Compare stored runs (result.json), of other days or machines, too",
       .operand = "FILE",
       .operand_help = "The runs, of 128 MiB each at most; the first is what the others are compared with",
       .several = true,
       .runs = Runs::stored,
       .shared_flags = {"--margin", "--confidence", "--fail-if", "--format", "--columns", "--color"}},
      perform};
}

}  // namespace harness
