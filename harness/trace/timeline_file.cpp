// harness/trace/timeline_file.cpp: Trace Event Format back into the entries of threads.
#include "harness/trace/timeline_file.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <system_error>

#include "harness/row/contention_json.h"
#include "harness/system/text.h"
#include "harness/system/whole_number.h"
#include "harness/trace/gzip.h"
#include "harness/trace/timeline_format.h"

namespace harness::trace {
namespace {

using namespace timeline_format;
using Json = nlohmann::ordered_json;

// What is wrong with the file; who reads it adds its name and the mend.
struct Unusable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

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
CpuNumber cpu_of(const Json& args, std::string_view key, CpuNumber otherwise) {
  const auto found = args.find(key);
  if (found == args.end()) return otherwise;
  return static_cast<CpuNumber>(whole(*found, 0, kUnknownCpu - 1));
}

CoreMap cores_of(const Json& data) {
  std::vector<std::vector<int>> cores;
  for (const Json& core : data.value(kCores, Json::array())) {
    std::vector<int>& cpus = cores.emplace_back();
    for (const Json& cpu : core) cpus.push_back(static_cast<int>(whole(cpu, 0, kUnknownCpu - 1)));
  }
  return CoreMap(cores);
}

void add_arguments(const Json& args, StoredEntry& entry) {
  entry.cpu = cpu_of(args, kCpu, kUnknownCpu);
  entry.end_cpu = cpu_of(args, kEndCpu, entry.cpu);
  entry.begin_is_cut = args.value(kBeginIsCut, false);
  entry.end_is_cut = args.value(kEndIsCut, false);
  for (const auto& [key, value] : args.items()) {
    if (key == kCpu || key == kEndCpu || key == kBeginIsCut || key == kEndIsCut) continue;
    entry.key = key;
    entry.value = whole(value, INT64_MIN, INT64_MAX);
  }
}

StoredEntry entry_of(const Json& json, bool is_instant) {
  StoredEntry entry{.name = json.at("name").get<std::string>(), .begin_ns = ns_of(json.at("ts"))};
  entry.end_ns = entry.begin_ns + (is_instant ? 0 : ns_of(json.at("dur")));
  if (json.contains("args")) add_arguments(json["args"], entry);
  return entry;
}

std::map<std::int64_t, StoredLane> threads_of(const Json& entries) {
  std::map<std::int64_t, StoredLane> threads;
  for (const Json& entry : entries) {
    if (whole(entry.at("pid"), 0, INT32_MAX) != kThreads) continue;
    const std::int64_t os_id = whole(entry.at("tid"), 0, INT64_MAX);
    const auto phase = entry.at("ph").get<std::string>();
    if (phase != "M") {
      threads[os_id].entries.push_back(entry_of(entry, phase == "i"));
    } else if (entry.at("name") == "thread_name") {
      threads[os_id].os_id = os_id;
      threads[os_id].name = printable(entry.at("args").at("name").get<std::string>());
    }
  }
  return threads;
}

StoredTimeline timeline_of(const Json& json) {
  const Json& data = ours(json);
  StoredTimeline timeline;
  timeline.whole_window_ns = within_range(data.at("window_ns").get<double>());
  timeline.window = {0, within_range(data.at("covered_ns").get<double>())};
  timeline.left_out = static_cast<std::uint64_t>(whole(data.at("left_out"), 0, INT64_MAX));
  timeline.dropped_events = static_cast<std::uint64_t>(whole(data.at("dropped_events"), 0, INT64_MAX));
  timeline.cores = cores_of(data);
  if (data.contains(kContention)) timeline.contention = parse_contention(data[kContention].dump());
  for (const auto& [key, value] : data.at("metadata").items()) {
    timeline.metadata.emplace_back(printable(key), printable(value.get<std::string>()));
  }
  timeline.threads = threads_of(json["traceEvents"]);
  return timeline;
}

}  // namespace

std::string timeline_text_in(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) throw Unusable("it is a folder");
  if (!std::filesystem::exists(path, error)) throw Unusable("there is no such file");
  const std::optional<std::string> file = read_stored_file(path);
  if (!file) throw Unusable("it cannot be read");
  return timeline_text_of(*file, path);
}

std::string timeline_text_of(const std::string& bytes, const std::filesystem::path& path) {
  if (bytes.empty()) throw Unusable("it is empty");
  if (is_gzip(bytes)) return gunzip(bytes, kMostFileBytes);
  if (path.extension() == ".gz") throw Unusable("its name ends in .gz, but it is not a gzip file");
  return bytes;
}

StoredTimeline parse_timeline(const std::string& text) {
  try {
    return timeline_of(json_of(text));
  } catch (const Json::exception& error) {
    throw Unusable(std::string("a value in it is missing or of the wrong type (") + error.what() + ")");
  }
}

}  // namespace harness::trace
