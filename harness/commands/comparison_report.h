// harness/commands/comparison_report.h: what is left of a comparison: its files, and what is printed at its
// end.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/cli/options.h"
#include "harness/compare/rounds.h"

namespace harness {

/// Writes comparison.csv, .json and .md and of each interpreter LABEL.json (Google Benchmark's) and
/// LABEL.pyperf.json into the comparison's folder. Throws UserError where a file cannot be written.
void write_comparison(const Options& options, const Journal& journal, const RoundsEnd& end);

/// The same, unless it was cancelled, and prints it in the format that was asked for; the warnings on
/// standard error. Throws UserError where a file or standard output cannot be written.
void report_comparison(const Options& options, const Journal& journal, const RoundsEnd& end);

/// Writes comparison.csv, .json and .md into `folder`. Throws UserError where one cannot be written.
void write_comparison_files(const std::filesystem::path& folder, const Comparison& comparison,
                            const std::vector<std::pair<std::string, std::string>>& facts);

/// Says on standard error in how many of so many processes there was a warning.
void print_warnings(const std::map<std::string, int>& warnings, std::size_t processes);

/// Prints a comparison in the format that was asked for.
void print_comparison(const Options& options, const Comparison& comparison,
                      const std::vector<std::pair<std::string, std::string>>& facts);

/// The exit status: 1 where `failed` or an experiment did, else --fail-if's 3 and 4, else 0.
int comparison_status(const Comparison& comparison, bool failed, std::optional<double> fail_if_slower);

}  // namespace harness
