// harness/commands/bisect_flags.h: the words of `harness bisect-run`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/cli/options.h"

namespace harness {

/// What makes a commit bad, and how it is built.
struct BisectOptions {
  double worse_than = 0;  ///< --bad-if: where a row is slower by more than this part of its time
  std::filesystem::path
      baseline;  ///< the stored run that commits are compared with; empty: the first --python
  std::vector<std::string> build;  ///< the command that builds a commit; empty: none
};

CommandWords bisect_run_words();

/// Of options that are the command's. Throws UserError where they do not say what is bad.
BisectOptions bisect_options(const Options& options);

}  // namespace harness
