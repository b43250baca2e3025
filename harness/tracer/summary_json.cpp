// harness/tracer/summary_json.cpp: a Summary's fields by name.
#include <nlohmann/json.hpp>

#include "harness/system/text.h"
#include "harness/tracer/summary_document.h"

namespace harness::tracer {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const GilUse& use) {
  return {{"acquires", use.acquires},
          {"releases", use.releases},
          {"held_ns", use.held_ns},
          {"longest_hold_ns", use.longest_hold_ns},
          {"waits", use.waits},
          {"waited_ns", use.waited_ns},
          {"longest_wait_ns", use.longest_wait_ns},
          {"timeouts", use.timeouts},
          {"forced_switches", use.forced_switches}};
}

Json json_of(const ThreadSummary& thread) {
  Json json{{"name", thread.name}, {"threads", thread.threads}, {"alive_ns", thread.alive_ns}};
  if (thread.os_id != 0) json["os_id"] = thread.os_id;
  if (!thread.gils.empty()) {
    Json& gil = json["gil"] = json_of(thread.gil);
    gil["detached_ns"] = thread.detached_ns();
    gil["hold_p50_ns"] = thread.hold_p50_ns;
    gil["hold_p99_ns"] = thread.hold_p99_ns;
    if (thread.gil.waits > 0) {
      gil["wait_p50_ns"] = thread.wait_p50_ns;
      gil["wait_p99_ns"] = thread.wait_p99_ns;
    }
    if (thread.gils.size() > 1) {
      for (const auto& [number, use] : thread.gils) {
        Json& one = json["gils"].emplace_back(json_of(use));
        if (number == kSeveralGils) {
          one["several"] = true;
        } else {
          one["gil"] = number;
        }
      }
    }
  }
  json["parks"] = thread.parks;
  json["parked_ns"] = thread.parked_ns;
  json["lock_parked_ns"] = thread.locks_ns;
  json["world_stopped_ns"] = thread.stopped_ns;
  json["spins"] = thread.yields;
  json["spinning_ns"] = thread.spinning_ns;
  return json;
}

Json json_of(const GilSummary& gil) {
  Json json = json_of(gil.use);
  if (gil.is_of_several) {
    json["several"] = true;
    return json;
  }
  json["gil"] = gil.number;
  json["switches"] = gil.switches;
  json["handoffs"] = gil.handoffs;
  if (gil.handoffs > 0) json["handoff_mean_ns"] = gil.handoff_mean_ns;
  json["contradictions"] = gil.contradictions;
  return json;
}

Json json_of(const LongHoldSummary& hold) {
  Json json{{"count", hold.count}, {"total_ns", hold.total_ns}, {"longest_ns", hold.longest_ns}};
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) json[name] = text;
  };
  add("function", hold.function);
  add("library", hold.library);
  add("system_call", hold.system_call);
  if (hold.had_no_core) json["had_no_core"] = true;
  add("python", hold.python);
  if (!hold.python_stack.empty()) json["python_stack"] = hold.python_stack;
  json["stack"] = hold.stack;
  return json;
}

Json json_of(const SiteSummary& site) {
  return {{"what", site.what},         {"parks", site.parks},
          {"park_ns", site.parked_ns}, {"park_max_ns", site.longest_park_ns},
          {"spins", site.yields},      {"spin_ns", site.spinning_ns},
          {"stack", site.stack}};
}

template <typename Entry>
Json list_of(const std::vector<Entry>& entries) {
  Json list = Json::array();
  for (const Entry& entry : entries) list.push_back(json_of(entry));
  return list;
}

}  // namespace

std::string summary_json(const Summary& summary) {
  Json json{{"format", "harness trace"},
            {"schema_version", kReportSchema},
            {"program", summary.program.command},
            {"command_line", summary.program.command_line},
            {"interpreter", summary.program.interpreter},
            {"process", summary.program.process},
            {"end", summary.program.end},
            {"traced_ns", summary.traced_ns},
            {"long_hold_ns", summary.long_hold_ns},
            {"threads_ever", summary.threads_ever},
            {"threads", list_of(summary.threads)},
            {"gils", list_of(summary.gils)},
            {"long_waits", Json::array()},
            {"long_holds", list_of(summary.long_holds)},
            {"sites", list_of(summary.sites)}};
  for (const LongWaitSummary& wait : summary.long_waits) {
    json["long_waits"].push_back(
        {{"thread", wait.thread}, {"wait_ns", wait.length_ns}, {"began_ns", wait.began_ns}});
    if (!wait.holder.empty()) json["long_waits"].back()["holder"] = wait.holder;
  }
  if (summary.program.knows_world) {
    json["world_stops"] = Json::array();
    for (const WorldStops& stops : summary.stops) {
      json["world_stops"].push_back({{"why", stops.why},
                                     {"stops", stops.stops},
                                     {"stopping_mean_ns", stops.stopping_ns},
                                     {"stopped_mean_ns", stops.stopped_ns},
                                     {"longest_ns", stops.longest_ns},
                                     {"requester", stops.requester},
                                     {"last", stops.last}});
    }
  }
  json["notes"] = summary.notes;
  // Threads and files may have any names.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace harness::tracer
