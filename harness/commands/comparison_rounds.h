// harness/commands/comparison_rounds.h: the rounds of a comparison as the command line has them run.
#pragma once

#include "harness/cli/options.h"
#include "harness/compare/rounds.h"
#include "harness/system/cancellation.h"

namespace harness {

/// Runs them until they are all done or `cancellation` is requested. Shows on a terminal where it is, and on
/// standard error what failed. Of `config` the threshold, the stored subject, the order and what processes
/// are given count; the rest is filled in from `options`. Throws as run_rounds() does.
RoundsEnd run_comparison(Journal& journal, RoundsConfig config, const Options& options,
                         const Cancellation& cancellation);

/// The first file that the comparison's work depends on and that is no longer what it was when it began;
/// empty where there is none.
std::string changed_since_begun(Journal& journal);

}  // namespace harness
