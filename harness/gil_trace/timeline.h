// harness/gil_trace/timeline.h: a window of a recording as a picture that trace viewers open.
//
// The file is JSON in the Trace Event Format, which ui.perfetto.dev and chrome://tracing open (Google,
// "Trace Event Format", object form). Times are microseconds since the window's begin, to the nanosecond.
// Lanes:
//   process "threads"      a lane a thread: holding, waiting, forced switch, detached; an instant a timeout
//   process "GILs"         a lane a GIL: who held it
//   process "iterations"   one lane
//   process "native code"  a lane a thread: the named regions, for instance OpenMP's
// "otherData" holds the metadata given, and what timeline_file.h needs to read the recording back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "harness/gil_trace/analysis.h"
#include "harness/gil_trace/event.h"

namespace harness::gil_trace {

/// Something of the caller's on the same clock.
struct NamedSpan {
  std::string name;
  std::int64_t begin_ns;  ///< CLOCK_MONOTONIC
  std::int64_t end_ns;
  std::int64_t os_id = 0;  ///< gettid() of the thread whose lane it is to be in; an iteration has none
};

struct Timeline {
  const Recording& recording;  ///< kept by the caller
  Window window;
  std::vector<NamedSpan> iterations;
  std::vector<NamedSpan> regions;
  std::vector<std::pair<std::string, std::string>> metadata;  ///< interpreter, row, versions, …
  /// Of spans and instants. What begins later than the first so many is left out, in all lanes alike, and
  /// the window ends there.
  std::size_t max_entries = 500'000;
};

struct TimelineText {
  std::string json;
  std::uint64_t left_out = 0;   ///< spans and instants beyond max_entries
  std::int64_t covered_ns = 0;  ///< how much of the window is in it, from its begin
};
TimelineText timeline_text(const Timeline& timeline);

/// Writes timeline_text() to `path`, whole or not at all; compressed if the name ends in .gz. Throws
/// UserError that names the file and the reason.
TimelineText write_timeline(const std::filesystem::path& path, const Timeline& timeline);

}  // namespace harness::gil_trace
