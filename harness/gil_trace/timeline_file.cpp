// harness/gil_trace/timeline_file.cpp: a timeline's lanes back into the GIL's events.
#include "harness/gil_trace/timeline_file.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string_view>

#include "harness/error.h"
#include "harness/gil_trace/timeline_words.h"
#include "harness/trace/timeline_file.h"
#include "harness/trace/timeline_format.h"

namespace harness::gil_trace {
namespace {

using namespace timeline_words;
using trace::StoredEntry;

bool is_wait_for_a_lock(std::string_view name) {
  using namespace trace::timeline_format;
  return name.starts_with(kParked) || name.starts_with(kSpinning) || name.starts_with(kStopped);
}

GilId gil_of(const StoredEntry& entry) {
  if (entry.key != kGil) throw std::runtime_error("a value in it is missing: which GIL a span is of");
  if (entry.value < 0 || entry.value > std::numeric_limits<GilId>::max()) {
    throw std::runtime_error("a number in it is out of range");
  }
  return static_cast<GilId>(entry.value);
}

// Adds the events that the writer made `entry` of.
void add_events(const StoredEntry& entry, std::vector<Event>& events) {
  if (entry.name == kDetached || is_wait_for_a_lock(entry.name)) return;
  const GilId gil = gil_of(entry);
  const auto add = [&](EventKind kind, bool is_end) {
    if (is_end ? entry.end_is_cut : entry.begin_is_cut) return;
    events.push_back({is_end ? entry.end_ns : entry.begin_ns, gil, kind, is_end ? entry.end_cpu : entry.cpu});
  };
  if (entry.name == kTimeout) {
    events.push_back({entry.begin_ns, gil, EventKind::timeout, entry.cpu});
  } else if (entry.name == kHolding) {
    add(EventKind::acquire, false);
    add(EventKind::release, true);
  } else if (entry.name == kWaiting) {
    // Of a wait that is cut, the part is what counts.
    events.push_back({entry.begin_ns, gil, EventKind::wait, entry.cpu});
  } else if (entry.name == kForcedSwitch) {
    add(EventKind::yield, false);
    add(EventKind::yield_end, true);
  } else {
    throw std::runtime_error("it has a span \"" + entry.name + "\", which harness does not write");
  }
}

TimelineFile file_of(trace::StoredTimeline stored) {
  TimelineFile file{.recording = {},
                    .window = stored.window,
                    .whole_window_ns = stored.whole_window_ns,
                    .left_out = stored.left_out,
                    .dropped_events = stored.dropped_events,
                    .contention = std::move(stored.contention),
                    .cores = std::move(stored.cores),
                    .metadata = std::move(stored.metadata)};
  file.recording.end_ns = file.window.end_ns;
  for (auto& [os_id, lane] : stored.threads) {
    ThreadEvents thread{.os_id = lane.os_id, .name = std::move(lane.name)};
    for (const StoredEntry& entry : lane.entries) add_events(entry, thread.events);
    std::ranges::stable_sort(thread.events, {}, &Event::time_ns);
    file.recording.threads.push_back(std::move(thread));
  }
  return file;
}

template <typename Contents>
TimelineFile read(const std::filesystem::path& path, const Contents& contents) {
  try {
    return file_of(trace::parse_timeline(contents()));
  } catch (const std::runtime_error& error) {
    throw UserError("gil-report: " + path.string() + ": " + error.what() +
                    "; give it a file that --gil-trace=FILE has written");
  }
}

}  // namespace

TimelineFile read_timeline(const std::filesystem::path& path) {
  return read(path, [&] { return trace::timeline_text_in(path); });
}

TimelineFile timeline_file_of(const std::string& bytes, const std::filesystem::path& path) {
  return read(path, [&] { return trace::timeline_text_of(bytes, path); });
}

}  // namespace harness::gil_trace
