// harness/trace/timeline_file.h: reads back what a timeline says of threads, whichever traces wrote it.
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

/// A TimelineEntry of a thread's lane that owns its words. Times count from the window's begin.
struct StoredEntry {
  std::string name;
  std::int64_t begin_ns = 0;
  std::int64_t end_ns = 0;  ///< of an instant as begin_ns
  std::string key = {};     ///< "" where it has none
  std::int64_t value = 0;
  CpuNumber cpu = kUnknownCpu;
  CpuNumber end_cpu = kUnknownCpu;  ///< where the file does not say another as `cpu`
  bool begin_is_cut = false;
  bool end_is_cut = false;
};

struct StoredLane {
  std::int64_t os_id = 0;
  std::string name = {};  ///< printable
  std::vector<StoredEntry> entries = {};
};

struct StoredTimeline {
  Window window{};                   ///< the part that the file covers
  std::int64_t whole_window_ns = 0;  ///< the window that was to be written
  std::uint64_t left_out = 0;        ///< spans and instants that the file's limit left out
  std::uint64_t dropped_events = 0;
  Contention contention = {};
  CoreMap cores;                                              ///< knows none where the file does not say
  std::vector<std::pair<std::string, std::string>> metadata;  ///< printable
  std::map<std::int64_t, StoredLane> threads;                 ///< by gettid()
};

/// The text of the file `path`, uncompressed. Throws std::runtime_error that says what is wrong: it is
/// missing, a folder, not readable, empty, larger than kMostFileBytes as it is or unpacked, or damaged.
std::string timeline_text_in(const std::filesystem::path& path);

/// The same of the bytes of the file `path`.
std::string timeline_text_of(const std::string& bytes, const std::filesystem::path& path);

/// What timeline_text() has written. Throws std::runtime_error that says what is wrong: it was cut short, is
/// not JSON, is somebody else's trace or a newer version's, or a value is missing, of the wrong type or out
/// of range.
StoredTimeline parse_timeline(const std::string& text);

}  // namespace harness::trace
