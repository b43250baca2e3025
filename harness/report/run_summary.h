// harness/report/run_summary.h: what was run, on what: a few facts for people, out of a run's context.
#pragma once

#include <string>
#include <vector>

#include "harness/report/context.h"

namespace harness {

/// "3.14.7t"; "" where the context does not say it.
std::string version_of(const Context& context);

/// The interpreter, the machine, the image and where threads were bound, as far as the context says them.
ContextEntries summary_of(const Context& context);

/// The same and the program, for who has nothing but a report.
ContextEntries facts_of(const Context& context);

/// Of several runs, which are called by their labels: the interpreter of each; then what else facts_of() has,
/// once where all that say it say it alike, and of each where they do not. An empty context says nothing.
ContextEntries facts_of(const std::vector<std::string>& labels, const std::vector<Context>& contexts);

}  // namespace harness
