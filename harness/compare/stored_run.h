// harness/compare/stored_run.h: a run's result.json, read back.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/compare/comparison.h"
#include "harness/report/context.h"
#include "harness/row/row.h"

namespace harness {

/// What Google Benchmark's JSON holds, as far as a comparison asks for it.
struct StoredRun {
  Context context;  ///< values that are not text in JSON's own notation
  /// The processes that were timed, each with its rows in their order: one for an ordinary run, and for what
  /// a comparison writes of an interpreter one a round. Row::times_s are seconds.
  std::vector<std::vector<Row>> processes;
  std::vector<int> rounds;  ///< of each of `processes`; 0 for an ordinary run's
  /// Of a run of one process: each repetition as if it had been a process of its own. A row that has failed
  /// is in the first.
  std::vector<std::vector<Row>> repetitions;
};

/// What a stored file may have at most: rows and counters of different names, and the number of a round.
inline constexpr std::size_t kMostRows = 10'000;
inline constexpr std::size_t kMostCounters = 250;
inline constexpr int kMostRounds = 1'000'000'000;

/// The longest time of an iteration in one.
inline constexpr double kLongestTime_s = 1e8;

/// Reads JSON in Google Benchmark's format: this program's result.json, or that of any other program (its
/// rows then have no context of ours). Throws UserError, which names the file, where it is missing, is no
/// such JSON, or is beyond a limit: kMostFileBytes, kMostJsonLevels, those above, and times from 1e-9 ns to
/// 1e17 ns.
StoredRun read_stored_run(const std::filesystem::path& file);

/// The same of the text of `file`.
StoredRun stored_run_of(const std::string& text, const std::filesystem::path& file);

/// What is compared of a run: its processes. A run of one process is a value for each repetition: that is all
/// there is of how it varies.
std::vector<Process> processes_of(const StoredRun& run);

}  // namespace harness
