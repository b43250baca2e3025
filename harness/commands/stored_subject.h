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

/// A sentence for each thing that a comparison would take from the run and that it does not say.
std::vector<std::string> warnings_of_run(const StoredRun& run, const std::string& label);

/// A sentence for each thing besides their interpreters in which a run differs from the first one. `contexts`
/// and `labels` go together.
std::vector<std::string> warnings_of_differences(
    const std::vector<std::map<std::string, std::string>>& contexts, const std::vector<std::string>& labels);

}  // namespace harness
