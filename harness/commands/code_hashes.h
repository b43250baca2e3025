// harness/commands/code_hashes.h: which code of the user's a run executes.
#pragma once

#include <filesystem>
#include <vector>

#include "harness/report/context.h"
#include "harness/run/experiment.h"

namespace harness {

/// The SHA-256 of each file that the rows of `plan` execute and that is no part of this program, as a context
/// has it: script_sha256_<file> of the scripts and .pyx in the folder `scripts`, kernel_sha256 of the library
/// of --kernel. What a script imports is not among them. A file that cannot be read is left out: its rows say
/// so.
ContextEntries hashes_of_code(const std::vector<Experiment>& plan, const std::filesystem::path& scripts);

}  // namespace harness
