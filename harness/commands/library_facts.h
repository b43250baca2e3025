// harness/commands/library_facts.h: what the libraries of the kernels say of themselves.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/options.h"

namespace harness {

/// To be asked they are loaded, which takes longer than the start of an interpreter.
struct LibraryFacts {
  std::string simd_target;  ///< kernels::simd_target()
  std::string opencv;       ///< kernels::opencv_version()
};

/// As the process says that started this one; where none says it, the libraries are loaded. Throws
/// std::runtime_error where that fails.
LibraryFacts library_facts(const Options& options);

/// By which a process of this program is told.
std::vector<std::string> flags_of(const LibraryFacts& facts);

}  // namespace harness
