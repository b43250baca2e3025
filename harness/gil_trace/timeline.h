// harness/gil_trace/timeline.h: a window of a recording as a picture that trace viewers open.
//
// The file is what trace/timeline_writer.h says. Lanes:
//   process "threads"      a lane a thread: holding, waiting, forced switch, detached; an instant a timeout
//   process "GILs"         a lane a GIL: who held it
//   process "iterations"   one lane
//                          other traces add: parked, spinning and stopped, for which lock
//   process "world"        one lane: when the interpreter's threads were stopped, and why
//   process "native code"  a lane a thread: the named regions, for instance OpenMP's
// Spans and instants of threads, and holds, say in "args" which CPU the thread was on. "otherData" holds the
// metadata given, the CPUs of each physical core, and what timeline_file.h needs to read the recording back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/gil_trace/analysis.h"
#include "harness/gil_trace/event.h"
#include "harness/row/contention.h"
#include "harness/trace/timeline_writer.h"

namespace harness::gil_trace {

struct Timeline {
  const Recording& recording;  ///< kept by the caller
  Window window;
  std::vector<trace::NamedSpan> iterations;
  std::vector<trace::NamedSpan> regions;
  std::vector<std::pair<std::string, std::string>> metadata;  ///< interpreter, row, versions, …
  CoreMap cores = {};                                         ///< of the machine
  /// Spans of other traces, in the lanes of threads and in that of the world.
  std::vector<trace::TimelineEntry> others = {};
  std::map<std::int64_t, std::string> thread_names = {};  ///< of those that the GIL's trace has not seen
  Contention contention = {};                             ///< of the row, for `harness gil-report`
  /// Of spans and instants. What begins later than the first so many is left out, in all lanes alike, and
  /// the window ends there.
  std::size_t max_entries = 500'000;
};

trace::TimelineText timeline_text(const Timeline& timeline);

/// Writes timeline_text() to `path`, whole or not at all; compressed if the name ends in .gz. Throws
/// UserError that names the file and the reason.
trace::TimelineText write_timeline(const std::filesystem::path& path, const Timeline& timeline);

}  // namespace harness::gil_trace
