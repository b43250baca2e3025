// harness/commands/comparison_plan.h: from the options to what a comparison consists of.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/cli/options.h"
#include "harness/compare/journal.h"
#include "harness/interpreter/search_paths.h"
#include "harness/run/installation.h"

namespace harness {

/// A comparison as its journal has it, and what its processes are given besides so that they need not find
/// out again what is known of their interpreter.
struct PlannedComparison {
  ComparisonPlan plan;
  std::vector<std::vector<std::string>> more_flags;  ///< of each of the plan's interpreters
};

/// Finds every interpreter and hashes every file that the work depends on; the seed is left 0. Throws
/// UserError where an interpreter cannot be run, no row has a name that --filter takes, or no comparison one
/// of
/// --columns.
PlannedComparison plan_comparison(const Options& options, const SearchPaths& search,
                                  const Installation& installation);

/// Throws UserError where no comparison of processes' rows can have one of --columns.
void check_columns_of_processes(const Options& options);

/// The seed of a part where none was given: what the same plan makes on every machine.
std::uint32_t seed_of_parts(const ComparisonPlan& plan);

/// What is compared, a line an interpreter, and where its results go; on a console of `width` columns.
std::string plan_text(const ComparisonPlan& plan, const std::filesystem::path& folder, std::size_t width);

/// Sees whether the files that a comparison's work depends on are still what they were: those of its plan,
/// and the modules that its processes have imported, which the journal learns of here.
class WorkWatch {
 public:
  /// `program` is this one. The journal must outlive this.
  WorkWatch(Journal& journal, const std::filesystem::path& program);

  /// The first file that is no longer what it was; empty where there is none. After a process that ran since
  /// `started`, with its results in `folder`.
  std::string changed(const std::filesystem::path& folder, std::chrono::system_clock::time_point started);

  /// The first file that is no longer what the plan or the journal says; empty where there is none.
  std::string changed();

 private:
  struct Watched {
    std::filesystem::path path;
    std::string sha256;
    std::string stamp;
  };
  /// `is_known`: it has that SHA-256 now, which else is still to be seen.
  void add(const std::filesystem::path& file, const std::string& sha256, bool is_known);
  bool knows(const std::filesystem::path& file) const;
  Journal& journal_;
  std::vector<Watched> files_;
};

}  // namespace harness
