// harness/gil_trace/timeline_file.cpp: Trace Event Format back into events.
#include "harness/gil_trace/timeline_file.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <system_error>

#include "harness/error.h"
#include "harness/gil_trace/timeline_format.h"
#include "harness/system/text.h"
#include "harness/trace/gzip.h"

namespace harness::gil_trace {
namespace {

using namespace timeline_format;
using Json = nlohmann::ordered_json;

// What is wrong with the file; read_timeline() adds its name and the mend.
struct Unusable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string contents_of(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) throw Unusable("it is a folder");
  if (!std::filesystem::exists(path, error)) throw Unusable("there is no such file");
  std::optional<std::string> file = read_text_file(path);
  if (!file) throw Unusable("it cannot be read");
  if (file->empty()) throw Unusable("it is empty");
  if (trace::is_gzip(*file)) return trace::gunzip(*file);
  if (path.extension() == ".gz") throw Unusable("its name ends in .gz, but it is not a gzip file");
  return *std::move(file);
}

// A run of years: everything that is computed of times within it is a number of nanoseconds, too.
constexpr double kLongest_ns = 1e17;

Json json_of(const std::string& text) {
  if (has_more_levels(text)) {
    throw Unusable("it has more than " + std::to_string(kMostJsonLevels) + " levels");
  }
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    // nlohmann-json says where it stopped: at the end, the file was cut short.
    const bool at_end = error.byte >= text.size();
    throw Unusable(at_end ? "it ends too early: it was cut short"
                          : "it is not JSON (see its byte " + std::to_string(error.byte) + ")");
  }
}

const Json& ours(const Json& file) {
  const bool ours = file.is_object() && file.contains("traceEvents") && file["traceEvents"].is_array() &&
                    file.contains("otherData") && file["otherData"].is_object() &&
                    file["otherData"].value("format", Json()) == kFormat;
  if (!ours) throw Unusable("it is JSON, but not a GIL trace of harness");
  const Json& data = file["otherData"];
  if (data.at("format_version").get<int>() > kFormatVersion) throw Unusable("a newer harness wrote it");
  return data;
}

std::int64_t within_range(double ns) {
  if (!(std::abs(ns) <= kLongest_ns)) throw Unusable("a time in it is out of range");
  return std::llround(ns);
}

std::int64_t ns_of(const Json& us) {
  return within_range(us.get<double>() * 1000);
}

// Adds the events that the writer made `entry` of.
void add_events(const Json& entry, std::vector<Event>& events) {
  const auto name = entry.at("name").get<std::string>();
  if (name == kDetached) return;
  const Json& args = entry.at("args");
  const auto gil = args.at(kGil).get<GilId>();
  const std::int64_t begin_ns = ns_of(entry.at("ts"));
  if (name == kTimeout) {
    events.push_back({begin_ns, gil, EventKind::timeout});
    return;
  }
  const std::int64_t end_ns = begin_ns + ns_of(entry.at("dur"));
  const bool has_begin = !args.value("begin_is_cut", false);
  const bool has_end = !args.value("end_is_cut", false);
  if (name == kHolding) {
    if (has_begin) events.push_back({begin_ns, gil, EventKind::acquire});
    if (has_end) events.push_back({end_ns, gil, EventKind::release});
  } else if (name == kWaiting) {
    events.push_back({begin_ns, gil, EventKind::wait});  // of a wait that is cut, the part is what counts
  } else if (name == kForcedSwitch) {
    if (has_begin) events.push_back({begin_ns, gil, EventKind::yield});
    if (has_end) events.push_back({end_ns, gil, EventKind::yield_end});
  } else {
    throw Unusable("it has a span \"" + name + "\", which harness does not write");
  }
}

TimelineFile file_of(const Json& json) {
  const Json& data = ours(json);
  TimelineFile file;
  file.whole_window_ns = within_range(data.at("window_ns").get<double>());
  file.window = {0, within_range(data.at("covered_ns").get<double>())};
  file.left_out = data.at("left_out").get<std::uint64_t>();
  file.dropped_events = data.at("dropped_events").get<std::uint64_t>();
  for (const auto& [key, value] : data.at("metadata").items()) {
    file.metadata.emplace_back(key, value.get<std::string>());
  }
  std::map<std::int64_t, ThreadEvents> threads;
  for (const Json& entry : json["traceEvents"]) {
    if (entry.at("pid").get<int>() != kThreads) continue;
    const auto lane = entry.at("tid").get<std::int64_t>();
    const auto phase = entry.at("ph").get<std::string>();
    if (phase != "M") {
      add_events(entry, threads[lane].events);
    } else if (entry.at("name") == "thread_name") {
      threads[lane].os_id = lane;
      threads[lane].name = entry.at("args").at("name").get<std::string>();
    }
  }
  file.recording.end_ns = file.window.end_ns;
  for (auto& [lane, thread] : threads) {
    std::ranges::stable_sort(thread.events, {}, &Event::time_ns);
    file.recording.threads.push_back(std::move(thread));
  }
  return file;
}

}  // namespace

TimelineFile read_timeline(const std::filesystem::path& path) {
  std::string problem;
  try {
    return file_of(json_of(contents_of(path)));
  } catch (const Json::exception& error) {
    problem = std::string("a value in it is missing or of the wrong type (") + error.what() + ")";
  } catch (const std::runtime_error& error) {  // Unusable, or what gunzip() throws
    problem = error.what();
  }
  throw UserError("gil-report: " + path.string() + ": " + problem +
                  "; give it a file that --gil-trace=FILE has written");
}

}  // namespace harness::gil_trace
