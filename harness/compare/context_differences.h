// harness/compare/context_differences.h: what differs between stored runs besides their interpreters.
#pragma once

#include <string>
#include <vector>

#include "harness/report/context.h"

namespace harness {

/// A key of a context, and what a sentence calls it.
struct ContextWords {
  std::string key;
  std::string words;
  bool begins = false;  ///< every key that begins so; `words` are then before what is left of it
};

/// What every run of this program says and may make a difference of its own to a row: the machine, this
/// program, the image, the scripts, the variables. What its interpreter is, is not among it.
const std::vector<ContextWords>& context_that_matters();

/// A sentence for each thing of context_that_matters() and of `parameters`, which name what the workloads
/// were told, that differs between a run and the first one; and one for what only one of the two says.
/// `contexts` and `labels` go together. A variable that a run of this program does not say was not set.
std::vector<std::string> differences_of(const std::vector<Context>& contexts,
                                        const std::vector<std::string>& labels,
                                        const std::vector<ContextWords>& parameters);

}  // namespace harness
