// harness/trace/timeline.h: what traces saw in a window of time, as a file that trace viewers open.
//
// The file is what trace/timeline_writer.h says. Lanes:
//   process "threads"      a lane a thread: what each trace saw it do
//   process "GILs"         a lane a GIL: who held it
//   process "iterations"   one lane
//   process "world"        one lane: when the interpreter's threads were stopped, and why
//   process "native code"  a lane a thread: the named regions, for instance OpenMP's
// Spans and instants of threads say in "args" which CPU the thread was on. "otherData" holds the metadata
// given, the CPUs of each physical core, and what timeline_file.h needs to read the file back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/row/contention.h"
#include "harness/system/cpu_topology.h"
#include "harness/trace/recording.h"
#include "harness/trace/timeline_writer.h"

namespace harness::trace {

/// What each trace adds to. Names of entries point into what the traces own.
struct Lanes {
  std::vector<TimelineEntry> entries = {};
  std::map<std::int64_t, std::string> threads = {};  ///< names by gettid()
};

/// Adds `spans`, which keep their names, to the lanes of `process`.
void add_spans(const std::vector<NamedSpan>& spans, int process, Lanes& lanes);

struct Timeline {
  Window window;
  Lanes lanes = {};
  std::vector<std::pair<std::string, std::string>> metadata = {};  ///< interpreter, row, versions, …
  CoreMap cores = {};                                              ///< of the machine
  std::uint64_t dropped_events = 0;                                ///< that the lanes miss
  Contention contention = {};                                      ///< of the row, for `harness gil-report`
  /// Of spans and instants. What begins later than the first so many is left out, in all lanes alike, and
  /// the window ends there.
  std::size_t max_entries = 500'000;
};

TimelineText timeline_text(const Timeline& timeline);

/// Writes timeline_text() to `path`, whole or not at all; compressed if the name ends in .gz. Throws
/// UserError that names the file and the reason.
TimelineText write_timeline(const std::filesystem::path& path, const Timeline& timeline);

}  // namespace harness::trace
