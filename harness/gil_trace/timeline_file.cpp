// harness/gil_trace/timeline_file.cpp: Trace Event Format back into events.
#include "harness/gil_trace/timeline_file.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <system_error>

#include "harness/error.h"
#include "harness/gil_trace/timeline_format.h"
#include "harness/row/contention_json.h"
#include "harness/system/text.h"
#include "harness/system/whole_number.h"
#include "harness/trace/gzip.h"

namespace harness::gil_trace {
namespace {

using namespace timeline_format;
using Json = nlohmann::ordered_json;

// What is wrong with the file; read_timeline() adds its name and the mend.
struct Unusable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string unpacked(std::string file, const std::filesystem::path& path) {
  if (file.empty()) throw Unusable("it is empty");
  if (trace::is_gzip(file)) return trace::gunzip(file, kMostFileBytes);
  if (path.extension() == ".gz") throw Unusable("its name ends in .gz, but it is not a gzip file");
  return file;
}

std::string contents_of(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) throw Unusable("it is a folder");
  if (!std::filesystem::exists(path, error)) throw Unusable("there is no such file");
  std::optional<std::string> file = read_stored_file(path);
  if (!file) throw Unusable("it cannot be read");
  return unpacked(*std::move(file), path);
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

std::int64_t whole(const Json& json, std::int64_t low, std::int64_t high) {
  if (const auto number = whole_number(json, low, high)) return *number;
  if (!json.is_number()) json.get<double>();  // throws what is missing or of the wrong type
  throw Unusable("a number in it is out of range");
}

const Json& ours(const Json& file) {
  const bool ours = file.is_object() && file.contains("traceEvents") && file["traceEvents"].is_array() &&
                    file.contains("otherData") && file["otherData"].is_object() &&
                    file["otherData"].value("format", Json()) == kFormat;
  if (!ours) throw Unusable("it is JSON, but not a GIL trace of harness");
  const Json& data = file["otherData"];
  if (whole(data.at("format_version"), 0, INT32_MAX) > kFormatVersion) {
    throw Unusable("a newer harness wrote it");
  }
  return data;
}

std::int64_t within_range(double ns) {
  if (!(std::abs(ns) <= kLongest_ns)) throw Unusable("a time in it is out of range");
  return std::llround(ns);
}

std::int64_t ns_of(const Json& us) {
  return within_range(us.get<double>() * 1000);
}

// Absent in a file of version 1, and where it was not known.
trace::CpuNumber cpu_of(const Json& args, std::string_view key, trace::CpuNumber otherwise) {
  const auto found = args.find(key);
  if (found == args.end()) return otherwise;
  return static_cast<trace::CpuNumber>(whole(*found, 0, trace::kUnknownCpu - 1));
}

CoreMap cores_of(const Json& data) {
  std::vector<std::vector<int>> cores;
  for (const Json& core : data.value(kCores, Json::array())) {
    std::vector<int>& cpus = cores.emplace_back();
    for (const Json& cpu : core) cpus.push_back(static_cast<int>(whole(cpu, 0, trace::kUnknownCpu - 1)));
  }
  return CoreMap(cores);
}

bool is_wait_for_a_lock(std::string_view name) {
  return name.starts_with(kParked) || name.starts_with(kSpinning) || name.starts_with(kStopped);
}

// Adds the events that the writer made `entry` of.
void add_events(const Json& entry, std::vector<Event>& events) {
  const auto name = entry.at("name").get<std::string>();
  if (name == kDetached || is_wait_for_a_lock(name)) return;
  const Json& args = entry.at("args");
  const auto gil = static_cast<GilId>(whole(args.at(kGil), 0, std::numeric_limits<GilId>::max()));
  const std::int64_t begin_ns = ns_of(entry.at("ts"));
  const trace::CpuNumber cpu = cpu_of(args, kCpu, trace::kUnknownCpu);
  const trace::CpuNumber end_cpu = cpu_of(args, kEndCpu, cpu);
  if (name == kTimeout) {
    events.push_back({begin_ns, gil, EventKind::timeout, cpu});
    return;
  }
  const std::int64_t end_ns = begin_ns + ns_of(entry.at("dur"));
  const bool has_begin = !args.value("begin_is_cut", false);
  const bool has_end = !args.value("end_is_cut", false);
  if (name == kHolding) {
    if (has_begin) events.push_back({begin_ns, gil, EventKind::acquire, cpu});
    if (has_end) events.push_back({end_ns, gil, EventKind::release, end_cpu});
  } else if (name == kWaiting) {
    events.push_back(
        {begin_ns, gil, EventKind::wait, cpu});  // of a wait that is cut, the part is what counts
  } else if (name == kForcedSwitch) {
    if (has_begin) events.push_back({begin_ns, gil, EventKind::yield, cpu});
    if (has_end) events.push_back({end_ns, gil, EventKind::yield_end, end_cpu});
  } else {
    throw Unusable("it has a span \"" + name + "\", which harness does not write");
  }
}

TimelineFile file_of(const Json& json) {
  const Json& data = ours(json);
  TimelineFile file;
  file.whole_window_ns = within_range(data.at("window_ns").get<double>());
  file.window = {0, within_range(data.at("covered_ns").get<double>())};
  file.left_out = static_cast<std::uint64_t>(whole(data.at("left_out"), 0, INT64_MAX));
  file.dropped_events = static_cast<std::uint64_t>(whole(data.at("dropped_events"), 0, INT64_MAX));
  file.cores = cores_of(data);
  if (data.contains(kContention)) file.contention = parse_contention(data[kContention].dump());
  for (const auto& [key, value] : data.at("metadata").items()) {
    file.metadata.emplace_back(printable(key), printable(value.get<std::string>()));
  }
  std::map<std::int64_t, ThreadEvents> threads;
  for (const Json& entry : json["traceEvents"]) {
    if (whole(entry.at("pid"), 0, INT32_MAX) != kThreads) continue;
    const std::int64_t lane = whole(entry.at("tid"), 0, INT64_MAX);
    const auto phase = entry.at("ph").get<std::string>();
    if (phase != "M") {
      add_events(entry, threads[lane].events);
    } else if (entry.at("name") == "thread_name") {
      threads[lane].os_id = lane;
      threads[lane].name = printable(entry.at("args").at("name").get<std::string>());
    }
  }
  file.recording.end_ns = file.window.end_ns;
  for (auto& [lane, thread] : threads) {
    std::ranges::stable_sort(thread.events, {}, &Event::time_ns);
    file.recording.threads.push_back(std::move(thread));
  }
  return file;
}

template <typename Contents>
TimelineFile read(const std::filesystem::path& path, const Contents& contents) {
  std::string problem;
  try {
    return file_of(json_of(contents()));
  } catch (const Json::exception& error) {
    problem = std::string("a value in it is missing or of the wrong type (") + error.what() + ")";
  } catch (const std::runtime_error& error) {  // Unusable, or what gunzip() throws
    problem = error.what();
  }
  throw UserError("gil-report: " + path.string() + ": " + problem +
                  "; give it a file that --gil-trace=FILE has written");
}

}  // namespace

TimelineFile read_timeline(const std::filesystem::path& path) {
  return read(path, [&] { return contents_of(path); });
}

TimelineFile timeline_file_of(const std::string& bytes, const std::filesystem::path& path) {
  return read(path, [&] { return unpacked(bytes, path); });
}

}  // namespace harness::gil_trace
