// harness/cli/bisect_options.h: what makes a commit bad, and how it is built.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace harness {

struct BisectOptions {
  double worse_than = 0;  ///< --bad-if: where a row is slower by more than this part of its time
  std::filesystem::path
      baseline;  ///< the stored run that commits are compared with; empty: the first --python
  std::vector<std::string> build;  ///< the command that builds a commit; empty: none
};

}  // namespace harness
