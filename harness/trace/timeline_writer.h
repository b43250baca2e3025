// harness/trace/timeline_writer.h: lanes of spans and instants, as a file that trace viewers open.
//
// The file is JSON in the Trace Event Format, which ui.perfetto.dev and chrome://tracing open (Google,
// "Trace Event Format", object form). Times are microseconds since the window's begin, to the nanosecond.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/trace/clock.h"
#include "harness/trace/recording.h"

namespace harness::trace {

/// A span or an instant. Names point into what the caller owns, or are literals.
struct TimelineEntry {
  std::int64_t begin_ns;  ///< CLOCK_MONOTONIC
  std::int64_t end_ns;
  std::string_view name;
  int process;                ///< the group of lanes
  std::int64_t lane;          ///< in that group
  std::string_view key = {};  ///< what `value` is, which a viewer shows with the entry; "" where it has none
  std::int64_t value = 0;
  CpuNumber cpu = kUnknownCpu;  ///< that the thread was on as it began
  CpuNumber end_cpu = kUnknownCpu;
  // Written where there is a key.
  bool begin_is_cut = false;  ///< it began earlier
  bool end_is_cut = false;    ///< it ended later
  bool is_instant = false;
};

struct TimelineText {
  std::string json;
  std::uint64_t left_out = 0;   ///< spans and instants beyond the limit
  std::int64_t covered_ns = 0;  ///< how much of the window is in it, from its begin
};

/// A group of lanes, by its number, and its name.
using TimelineProcess = std::pair<int, std::string_view>;

/// The lanes of a window of time.
class TimelineWriter {
 public:
  explicit TimelineWriter(Window window) : window_(window) {}

  /// The part of `entry` that is within the window, if any.
  void add(TimelineEntry entry);

  struct Texts {
    std::span<const TimelineProcess> processes;  ///< in the order in which chrome://tracing shows them
    std::function<std::string(int process, std::int64_t lane)> lane_name;
    /// The file's "otherData": an object in JSON, made of what the limit has left.
    std::function<std::string(const TimelineText&)> other_data;
  };

  /// The file. What begins later than the first `max_entries` is left out, in all lanes alike, and the window
  /// ends there. Once.
  TimelineText finish(std::size_t max_entries, const Texts& texts);

 private:
  Window window_;
  std::vector<TimelineEntry> entries_;
};

}  // namespace harness::trace
