// harness/commands/comparison_report.h: what is left of a comparison: its files, and what is printed at its
// end.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/cli/options.h"
#include "harness/compare/rounds.h"
#include "harness/report/context.h"

namespace harness {

/// What is told of a comparison besides its rows.
struct ComparisonFacts {
  std::vector<std::pair<std::string, std::string>> stored;  ///< by comparison.json
  ContextEntries shown;  ///< by Markdown, which is to stand by itself: what ran, where, and by which command
  std::vector<std::string> warnings;  ///< likewise
};

/// Writes comparison.csv, .json and .md and of each interpreter LABEL.json (Google Benchmark's) and
/// LABEL.pyperf.json into the comparison's folder. Throws UserError where a file cannot be written.
void write_comparison(const Options& options, const Journal& journal, const RoundsEnd& end);

/// The same, unless it was cancelled, and prints it in the format that was asked for; the warnings on
/// standard error. Throws UserError where a file or standard output cannot be written.
void report_comparison(const Options& options, const Journal& journal, const RoundsEnd& end);

/// Writes comparison.csv, .json and .md into `folder`. Throws UserError where one cannot be written.
void write_comparison_files(const Options& options, const std::filesystem::path& folder,
                            const Comparison& comparison, const ComparisonFacts& facts);

/// Says each sentence on standard error.
void print_warnings(const std::vector<std::string>& warnings);

/// Prints a comparison in the format that was asked for.
void print_comparison(const Options& options, const Comparison& comparison, const ComparisonFacts& facts);

/// The exit status: 1 where `failed` or an experiment did, else --fail-if's 3 and 4, else 0.
int comparison_status(const Comparison& comparison, bool failed, std::optional<double> fail_if_slower);

}  // namespace harness
