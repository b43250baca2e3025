// harness/commands/run_timeline.h: the file that --gil-trace asks for.
#pragma once

#include <filesystem>

#include "harness/commands/run_context.h"
#include "harness/run/gil_observer.h"

namespace harness {

/// Sees that the timeline can be written to `file`, before anything is timed; does nothing where it is empty.
/// Throws UserError.
void check_timeline_file(const std::filesystem::path& file);

/// Writes the timeline, where one was asked for; says on standard error what is not in it. Throws UserError.
void write_timeline(const GilObserver& trace, const RunFacts& facts);

}  // namespace harness
