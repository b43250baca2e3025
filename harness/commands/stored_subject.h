// harness/commands/stored_subject.h: stored runs that are compared, and what is to be known of them.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/compare/stored_run.h"

namespace harness {

/// Throws UserError, which names the file, where it is no run or has no rows.
StoredRun read_run_with_rows(const std::filesystem::path& file);

/// Warns on standard error where the run does not say all that a comparison would take from it.
void warn_of_run(const StoredRun& run, const std::string& label);

/// Warns on standard error of what differs between a run and the first one besides their interpreters.
/// `contexts` and `labels` go together.
void warn_of_differences(const std::vector<std::map<std::string, std::string>>& contexts,
                         const std::vector<std::string>& labels);

}  // namespace harness
