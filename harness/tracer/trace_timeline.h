// harness/tracer/trace_timeline.h: the last part of what a program's threads did, as trace/timeline.h has it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/tracer/summary.h"
#include "harness/tracer/watcher.h"

namespace harness::tracer {

/// Writes it, from the moment on from which the events of all threads are there, and no more than a viewer
/// opens. `summary` is of the same trace, which ended then. Says how much of the trace is in it. Throws
/// UserError.
std::string write_trace_timeline(const std::filesystem::path& file, const TraceMemory& memory,
                                 Watcher& watcher, trace::ClockAnchor end, const Summary& summary,
                                 std::vector<std::pair<std::string, std::string>> metadata);

}  // namespace harness::tracer
