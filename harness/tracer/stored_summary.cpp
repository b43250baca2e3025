// harness/tracer/stored_summary.cpp: a Summary's fields by name, the other way round.
#include "harness/tracer/stored_summary.h"

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "harness/error.h"
#include "harness/system/text.h"
#include "harness/system/whole_number.h"
#include "harness/tracer/summary_document.h"

namespace harness::tracer {
namespace {

using StoredJson = nlohmann::json;  // an object in any order

constexpr std::int64_t kMostStored =
    std::numeric_limits<std::int64_t>::max() / 4;  // a few of them are added up

std::int64_t number(const StoredJson& json, const char* key) {
  const auto value = whole_number(json.at(key), 0, kMostStored);
  if (!value) throw std::runtime_error(std::string("\"") + key + "\" in it is no time and no count");
  return *value;
}

std::int64_t number_or_0(const StoredJson& json, const char* key) {
  return json.contains(key) ? number(json, key) : 0;
}

std::uint64_t count(const StoredJson& json, const char* key) {
  return static_cast<std::uint64_t>(number(json, key));
}

double mean(const StoredJson& json, const char* key) {
  const auto value = json.at(key).get<double>();
  if (!(value >= 0 && value <= static_cast<double>(kMostStored)))
    throw std::runtime_error(std::string("\"") + key + "\" in it is no time and no count");
  return value;
}

std::string text(const StoredJson& json, const char* key) {
  return printable(json.at(key).get<std::string>());
}

std::string text_or_none(const StoredJson& json, const char* key) {
  return json.contains(key) ? text(json, key) : "";
}

/// Of each entry of a list what `make` makes of it; nothing where the list may be absent and is.
template <typename Make>
auto list(const StoredJson& json, const char* key, const Make& make, bool may_be_absent = false) {
  std::vector<decltype(make(json))> entries;
  if (may_be_absent && !json.contains(key)) return entries;
  if (!json.at(key).is_array()) throw std::runtime_error(std::string("\"") + key + "\" in it is no list");
  for (const StoredJson& entry : json.at(key)) entries.push_back(make(entry));
  return entries;
}

std::string one_text(const StoredJson& json) {
  return printable(json.get<std::string>());
}

/// An object's flag, which is absent where it is not set.
bool flag(const StoredJson& json, const char* key) {
  return json.contains(key) && json.at(key).get<bool>();
}

GilUse use_of(const StoredJson& json) {
  return {.acquires = count(json, "acquires"),
          .releases = count(json, "releases"),
          .waits = count(json, "waits"),
          .timeouts = count(json, "timeouts"),
          .forced_switches = count(json, "forced_switches"),
          .held_ns = number(json, "held_ns"),
          .waited_ns = number(json, "waited_ns"),
          .longest_hold_ns = number(json, "longest_hold_ns"),
          .longest_wait_ns = number(json, "longest_wait_ns")};
}

std::uint32_t number_of_gil(const StoredJson& json) {
  if (flag(json, "several")) return kSeveralGils;
  const auto value = whole_number(json.at("gil"), 0, kSeveralGils - 1);
  if (!value) throw std::runtime_error("a \"gil\" in it is no number of one");
  return static_cast<std::uint32_t>(*value);
}

ThreadSummary thread_of(const StoredJson& json) {
  ThreadSummary thread{.name = text(json, "name"),
                       .os_id = number_or_0(json, "os_id"),
                       .threads = count(json, "threads"),
                       .alive_ns = number(json, "alive_ns")};
  if (const auto gil = json.find("gil"); gil != json.end()) {
    thread.gil = use_of(*gil);
    thread.hold_p50_ns = number(*gil, "hold_p50_ns");
    thread.hold_p99_ns = number(*gil, "hold_p99_ns");
    thread.wait_p50_ns = number_or_0(*gil, "wait_p50_ns");
    thread.wait_p99_ns = number_or_0(*gil, "wait_p99_ns");
    if (!json.contains("gils"))
      thread.gils = {{0, thread.gil}};  // which one is not said where it is the only
  }
  const auto one_of_several = [](const StoredJson& one) {
    return std::pair(number_of_gil(one), use_of(one));
  };
  if (json.contains("gils")) thread.gils = list(json, "gils", one_of_several);
  thread.parks = count(json, "parks");
  thread.parked_ns = number(json, "parked_ns");
  thread.locks_ns = number(json, "lock_parked_ns");
  thread.stopped_ns = number(json, "world_stopped_ns");
  thread.yields = count(json, "spins");
  thread.spinning_ns = number(json, "spinning_ns");
  return thread;
}

GilSummary gil_of(const StoredJson& json) {
  GilSummary gil{.number = number_of_gil(json), .use = use_of(json)};
  gil.is_of_several = gil.number == kSeveralGils;
  if (gil.is_of_several) return gil;
  gil.switches = count(json, "switches");
  gil.handoffs = count(json, "handoffs");
  gil.handoff_mean_ns = number_or_0(json, "handoff_mean_ns");
  gil.contradictions = count(json, "contradictions");
  return gil;
}

LongHoldSummary hold_of(const StoredJson& json) {
  return {.function = text_or_none(json, "function"),
          .library = text_or_none(json, "library"),
          .system_call = text_or_none(json, "system_call"),
          .had_no_core = flag(json, "had_no_core"),
          .python = text_or_none(json, "python"),
          .python_stack = list(json, "python_stack", one_text, true),
          .stack = list(json, "stack", one_text),
          .count = count(json, "count"),
          .total_ns = number(json, "total_ns"),
          .longest_ns = number(json, "longest_ns")};
}

SiteSummary site_of(const StoredJson& json) {
  return {.what = text(json, "what"),
          .stack = list(json, "stack", one_text),
          .parks = count(json, "parks"),
          .yields = count(json, "spins"),
          .parked_ns = number(json, "park_ns"),
          .spinning_ns = number(json, "spin_ns"),
          .longest_park_ns = number(json, "park_max_ns")};
}

WorldStops stops_of(const StoredJson& json) {
  return {.why = text(json, "why"),
          .requester = text(json, "requester"),
          .last = text(json, "last"),
          .stops = mean(json, "stops"),
          .stopping_ns = mean(json, "stopping_mean_ns"),
          .stopped_ns = mean(json, "stopped_mean_ns"),
          .longest_ns = number(json, "longest_ns")};
}

LongWaitSummary wait_of(const StoredJson& json) {
  return {.thread = text(json, "thread"),
          .holder = text_or_none(json, "holder"),
          .length_ns = number(json, "wait_ns"),
          .began_ns = number(json, "began_ns")};
}

pid_t process_of(const StoredJson& json) {
  const auto process = whole_number(json, 0, std::numeric_limits<pid_t>::max());
  if (!process) throw std::runtime_error("\"process\" in it is no number of one");
  return static_cast<pid_t>(*process);
}

Summary summary_of(const StoredJson& json) {
  Summary summary;
  summary.program = {.command = list(json, "program", one_text),
                     .interpreter = text(json, "interpreter"),
                     .process = process_of(json.at("process")),
                     .end = text(json, "end"),
                     .knows_world = json.contains("world_stops"),
                     .command_line = text_or_none(json, "command_line")};
  summary.traced_ns = number(json, "traced_ns");
  summary.long_hold_ns = number(json, "long_hold_ns");
  summary.threads_ever = count(json, "threads_ever");
  summary.threads = list(json, "threads", thread_of);
  summary.gils = list(json, "gils", gil_of);
  summary.long_waits = list(json, "long_waits", wait_of);
  summary.long_holds = list(json, "long_holds", hold_of);
  summary.sites = list(json, "sites", site_of);
  summary.stops = list(json, "world_stops", stops_of, true);
  summary.notes = list(json, "notes", one_text);
  double lost_ns = 0;
  for (const SiteSummary& site : summary.sites)
    lost_ns += static_cast<double>(site.parked_ns) + static_cast<double>(site.spinning_ns);
  if (lost_ns > static_cast<double>(kMostStored))
    throw std::runtime_error("the times of its \"sites\" add up to more than a number holds");
  return summary;
}

}  // namespace

bool is_stored_summary(std::string_view begin) {
  return begin.find("\"format\": \"harness trace\"") != std::string_view::npos;
}

Summary stored_summary_of(const std::string& text, const std::filesystem::path& file) {
  const auto refuse = [&](const std::string& why) -> UserError {
    return UserError(file.string() + ": " + why + "; give what harness trace --report wrote");
  };
  if (has_more_levels(text)) throw refuse("it has more than " + std::to_string(kMostJsonLevels) + " levels");
  const StoredJson json = StoredJson::parse(text, nullptr, false);
  if (!json.is_object()) throw refuse("it is no JSON");
  try {
    if (json.at("schema_version") != kReportSchema)
      throw std::runtime_error("it is of another version of this program");
    return summary_of(json);
  } catch (const std::exception& error) {
    throw refuse(error.what());
  }
}

}  // namespace harness::tracer
