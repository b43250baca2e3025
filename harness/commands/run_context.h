// harness/commands/run_context.h: the facts of a run that stand in its JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/cli/options.h"
#include "harness/embed/api.h"
#include "harness/image/images.h"
#include "harness/report/context.h"
#include "harness/report/run_sentences.h"
#include "harness/report/run_summary.h"
#include "harness/system/machine.h"
#include "harness/team/pinning.h"

namespace harness {

/// Everything that was decided or found before the first row.
struct RunFacts {
  const Options& options;
  const Machine& machine;
  bool guest;             ///< within CPython's own executable, not in ours
  std::string libpython;  ///< the file that CPython's code is in
  std::string libpython_sha256;
  embed::Facts python;
  const Images* images;  ///< null where no row needs one
  const Image* image;    ///< the first of them
  Pinning pinning;
  ContextEntries code;  ///< hashes_of_code()
};

/// The flags that the kernels written as plain loops are compiled with, for the level that openmp runs at
/// here.
std::string kernel_flags();

/// "1280x720", or several with commas.
std::string sizes_text(const Images& images);

/// The interpreter, as sentences about rows have it.
RanOn ran_on(const embed::Facts& python);

/// What is known before the first row.
ContextEntries context_of(const RunFacts& facts);

/// The same by its keys, for summary_of() and facts_of().
Context context_by_key(const RunFacts& facts);

/// What is known when the rows are done. `interrupted` is the signal's exit status or 0.
void add_end(bool gil_enabled_at_end, const std::vector<std::string>& warnings, int interrupted,
             ContextEntries& context);

}  // namespace harness
