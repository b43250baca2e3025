// harness/commands/library_facts.cpp: asked once, and handed on in words.
#include "harness/commands/library_facts.h"

#include "kernels/library_versions.h"
#include "kernels/simd_target.h"

namespace harness {

LibraryFacts library_facts(const Options& options) {
  const std::vector<std::string>& told = options.library_facts;
  if (told.size() == 2) return {.simd_target = told[0], .opencv = told[1]};
  return {.simd_target = kernels::simd_target(), .opencv = kernels::opencv_version()};
}

std::vector<std::string> flags_of(const LibraryFacts& facts) {
  const std::string flag(kLibraryFactsFlag);
  return {flag + facts.simd_target, flag + facts.opencv};
}

}  // namespace harness
