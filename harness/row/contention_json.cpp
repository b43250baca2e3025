// harness/row/contention_json.cpp: Contention's fields by name.
#include "harness/row/contention_json.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "harness/system/text.h"

namespace harness {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostEntries = 100;

Json json_of(const Contention& contention) {
  Json json{{"lost_ns", contention.lost_ns}, {"sites", Json::array()}, {"world_stops", Json::array()}};
  if (contention.of_others) json["of_others"] = true;
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

std::string written(const Json& json, int indent) {
  // Threads may have any names.
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

double number(const Json& json) {
  constexpr double kMost = 1e17;  // a run of years, in ns
  const double value = json.get<double>();
  if (!(value >= 0 && value <= kMost)) throw std::runtime_error("a number in it is out of range");
  return value;
}

std::string text(const Json& json) {
  return printable(json.get<std::string>());
}

const Json& entries(const Json& json) {
  if (!json.is_array() || json.size() > kMostEntries) {
    throw std::runtime_error("a list in it is missing, or longer than harness writes it");
  }
  return json;
}

}  // namespace

std::string contention_json(const Contention& contention) {
  return written(json_of(contention), -1);
}

Contention parse_contention(const std::string& json) {
  Contention contention;
  try {
    const Json all = Json::parse(json);
    contention.lost_ns = number(all.at("lost_ns"));
    contention.of_others = all.value("of_others", false);
    for (const Json& site : entries(all.at("sites"))) {
      ContentionSite& read = contention.sites.emplace_back();
      read.what = text(site.at("what"));
      for (const Json& function : entries(site.at("stack"))) read.stack.push_back(text(function));
      read.parks = number(site.at("parks"));
      read.park_ns = number(site.at("park_ns"));
      read.spins = number(site.at("spins"));
      read.spin_ns = number(site.at("spin_ns"));
    }
    for (const Json& stops : entries(all.at("world_stops"))) {
      contention.stops.push_back({.why = text(stops.at("why")),
                                  .requester = text(stops.at("requester")),
                                  .last = text(stops.at("last")),
                                  .stops = number(stops.at("stops")),
                                  .stopping_ns = number(stops.at("stopping_ns")),
                                  .stopped_ns = number(stops.at("stopped_ns")),
                                  .longest_ns = std::llround(number(stops.at("longest_ns")))});
    }
  } catch (const Json::exception& error) {
    throw std::runtime_error(std::string("a value in it is missing or of the wrong type (") + error.what() +
                             ")");
  }
  return contention;
}

Contention contention_in(const std::string& json, const std::string& name) {
  const Json file = Json::parse(json, nullptr, false);
  const Json all = file.is_object() ? file.value("contention", Json()) : Json();
  if (!all.is_object() || !all.contains(name)) return {};
  try {
    return parse_contention(all[name].dump());
  } catch (const std::runtime_error&) {
    return {};
  }
}

void insert_contention(std::string& json, const std::vector<Row>& rows) {
  Json all = Json::object();
  for (const Row& row : rows) {
    if (row.contention.is_empty()) continue;
    all[row.name()] = json_of(row.contention);
  }
  const std::size_t end = json.rfind('}');
  if (all.empty() || end == std::string::npos) return;
  json.insert(end, ",\n\"contention\": " + written(all, 2) + "\n");
}

}  // namespace harness
