// harness/gil_trace/timeline_file.h: reads a timeline back, as the recording that it was made of.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "harness/gil_trace/analysis.h"
#include "harness/gil_trace/event.h"
#include "harness/row/contention.h"

namespace harness::gil_trace {

struct TimelineFile {
  Recording recording;               ///< times count from the window's begin
  Window window{};                   ///< the part that the file covers
  std::int64_t whole_window_ns = 0;  ///< the window that was to be written
  std::uint64_t left_out = 0;        ///< spans and instants that the file's limit left out
  std::uint64_t dropped_events = 0;
  Contention contention = {};  ///< where threads waited for locks, and why the world was stopped
  CoreMap cores;               ///< of the machine that wrote it; knows none where it does not say
  std::vector<std::pair<std::string, std::string>> metadata;
};

/// Reads a file of trace::write_timeline()'s, compressed or not. Throws UserError that names the file, what
/// is wrong (missing, a folder, not readable, larger than kMostFileBytes as it is or unpacked, damaged, cut
/// short, not JSON, somebody else's trace, a newer version, a number or a time that is out of range) and the
/// mend.
TimelineFile read_timeline(const std::filesystem::path& path);

/// The same of the bytes of the file `path`.
TimelineFile timeline_file_of(const std::string& bytes, const std::filesystem::path& path);

}  // namespace harness::gil_trace
