// harness/commands/stored_subject.cpp: stored runs that are compared, and what is to be known of them.
#include "harness/commands/stored_subject.h"

#include "harness/compare/context_differences.h"
#include "harness/error.h"
#include "harness/workloads/workload.h"

namespace harness {
namespace {

/// What the context calls each parameter of a workload, and what a sentence does.
std::vector<ContextWords> words_of_parameters() {
  std::vector<ContextWords> words;
  for (const Parameter& parameter : parameters_of(all_workloads())) {
    if (!parameter.context_key.empty()) words.push_back({parameter.context_key, parameter.words});
  }
  return words;
}

}  // namespace

StoredRun read_run_with_rows(const std::filesystem::path& file) {
  StoredRun run = read_stored_run(file);
  if (run.processes.empty()) throw UserError(file.string() + ": it has no rows");
  return run;
}

std::vector<std::string> warnings_of_run(const StoredRun& run, const std::string& label) {
  std::vector<std::string> warnings;
  if (run.context.contains("complete")) {
    warnings.push_back(label + " is not complete: its run ended before its last row");
  }
  if (run.processes.size() == 1) {
    warnings.push_back(label + " is a single process: what varies from process to process is not in its " +
                       "intervals, which are too narrow");
  }
  return warnings;
}

std::vector<std::string> warnings_of_differences(
    const std::vector<std::map<std::string, std::string>>& contexts, const std::vector<std::string>& labels) {
  return differences_of(contexts, labels, words_of_parameters());
}

}  // namespace harness
