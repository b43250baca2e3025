// harness/commands/run_timeline.h: the file that --gil-trace asks for.
#pragma once

#include <filesystem>

#include "harness/commands/run_context.h"
#include "harness/run/observer.h"

namespace harness {

/// Sees that the timeline can be written to `file`, before anything is timed; does nothing where it is empty.
/// Throws UserError.
void check_timeline_file(const std::filesystem::path& file);

/// Writes the traces' files, where any were asked for; says on standard error what is not in them. Throws
/// UserError.
void write_trace_files(const Observers& traces, const RunFacts& facts);

}  // namespace harness
