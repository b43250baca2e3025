// harness/trace/timeline.cpp: lanes and what is known of them, as a file.
#include "harness/trace/timeline.h"

#include <nlohmann/json.hpp>
#include <system_error>

#include "harness/error.h"
#include "harness/row/contention_json.h"
#include "harness/system/atomic_file.h"
#include "harness/trace/gzip.h"
#include "harness/trace/timeline_format.h"

namespace harness::trace {
namespace {

using namespace timeline_format;

std::string name_of_lane(const Timeline& timeline, int process, std::int64_t lane) {
  if (process == kGils) return "GIL " + std::to_string(lane);
  if (process == kIterations) return "iterations";
  if (process == kWorld) return "world";
  const auto thread = timeline.lanes.threads.find(lane);
  return thread == timeline.lanes.threads.end() ? "thread " + std::to_string(lane) : thread->second;
}

std::string other_data(const Timeline& timeline, const TimelineText& text) {
  nlohmann::ordered_json data;
  data["format"] = kFormat;
  data["format_version"] = kFormatVersion;
  data["window_ns"] = timeline.window.length_ns();
  data["covered_ns"] = text.covered_ns;
  data["left_out"] = text.left_out;
  data["dropped_events"] = timeline.dropped_events;
  data[kCores] = timeline.cores.cpus_of_cores();
  nlohmann::ordered_json& metadata = data["metadata"] = nlohmann::ordered_json::object();
  for (const auto& [key, value] : timeline.metadata) metadata[key] = value;
  if (!timeline.contention.is_empty()) {
    data[kContention] = nlohmann::ordered_json::parse(contention_json(timeline.contention));
  }
  // What is not UTF-8 is replaced.
  return data.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

void add_spans(const std::vector<NamedSpan>& spans, int process, Lanes& lanes) {
  for (const NamedSpan& span : spans) {
    lanes.entries.push_back({.begin_ns = span.begin_ns,
                             .end_ns = span.end_ns,
                             .name = span.name,
                             .process = process,
                             .lane = span.os_id});
  }
}

TimelineText timeline_text(const Timeline& timeline) {
  TimelineWriter writer(timeline.window);
  for (const TimelineEntry& entry : timeline.lanes.entries) writer.add(entry);
  return writer.finish(
      timeline.max_entries,
      {.processes = kProcessNames,
       .lane_name = [&](int process, std::int64_t lane) { return name_of_lane(timeline, process, lane); },
       .other_data = [&](const TimelineText& text) { return other_data(timeline, text); }});
}

TimelineText write_timeline(const std::filesystem::path& path, const Timeline& timeline) {
  TimelineText text = timeline_text(timeline);
  try {
    write_file_atomically(path, path.extension() == ".gz" ? gzip(text.json) : text.json);
  } catch (const std::system_error& error) {
    throw UserError(std::string("the timeline: ") + error.what());
  }
  return text;
}

}  // namespace harness::trace
