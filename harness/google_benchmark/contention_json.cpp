// harness/google_benchmark/contention_json.cpp: Contention's fields by name.
#include "harness/google_benchmark/contention_json.h"

#include <nlohmann/json.hpp>

namespace harness {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Contention& contention) {
  Json json{{"lost_ns", contention.lost_ns}, {"sites", Json::array()}, {"world_stops", Json::array()}};
  for (const ContentionSite& site : contention.sites) {
    json["sites"].push_back({{"what", site.what},
                             {"parks", site.parks},
                             {"park_ns", site.park_ns},
                             {"spins", site.spins},
                             {"spin_ns", site.spin_ns},
                             {"stack", site.stack}});
  }
  for (const WorldStops& stops : contention.stops) {
    json["world_stops"].push_back({{"why", stops.why},
                                   {"stops", stops.stops},
                                   {"stopping_ns", stops.stopping_ns},
                                   {"stopped_ns", stops.stopped_ns},
                                   {"longest_ns", stops.longest_ns},
                                   {"requester", stops.requester},
                                   {"last", stops.last}});
  }
  return json;
}

}  // namespace

void insert_contention(std::string& json, const std::vector<Row>& rows) {
  Json all = Json::object();
  for (const Row& row : rows) {
    if (row.contention.sites.empty() && row.contention.stops.empty()) continue;
    all[row.name()] = json_of(row.contention);
  }
  const std::size_t end = json.rfind('}');
  if (all.empty() || end == std::string::npos) return;
  // Names of threads may be anything.
  const std::string text = all.dump(2, ' ', false, Json::error_handler_t::replace);
  json.insert(end, ",\n\"contention\": " + text + "\n");
}

}  // namespace harness
