// harness/compare/comparison_json.cpp: a comparison as programs read it.
#include "harness/compare/comparison_json.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "harness/compare/json_text.h"
#include "harness/compare/refuse.h"
#include "harness/compare/stored_text.h"
#include "harness/system/text.h"

namespace harness {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const ComparedRow& row, const Cell& cell, const std::string& label) {
  Json json{{"label", label}, {"times_s", cell.times_s}};
  if (cell.failed()) {
    json["failure"] = cell.failure;
    json["applies"] = cell.outcome == Outcome::failed;
  }
  if (!cell.times_s.empty()) json["time_s"] = cell.time_s();
  if (!row.measure.is_time() && !cell.values.empty()) {
    json["values"] = cell.values;
    json["value"] = row.value(cell);
  }
  const std::string effect = row.measure.scale == Scale::ratio ? "ratio" : "difference";
  if (cell.effect) json[effect] = *row.effect(cell);
  if (const auto interval = row.effect_interval(cell)) {
    json[effect + "_low"] = interval->low;
    json[effect + "_high"] = interval->high;
  }
  if (cell.verdict) {
    json["verdict"] = name_of(*cell.verdict);
    json["compared"] = cell.compared;
  }
  if (cell.rounds_needed > 0) json["rounds_needed"] = cell.rounds_needed;
  if (cell.scaling) json["scaling"] = *cell.scaling;
  if (!cell.counters.empty()) json["counters"] = cell.counters;
  return json;
}

std::optional<double> optional_number(const Json& json, const std::string& key) {
  const auto found = json.find(key);
  return found == json.end() ? std::nullopt : std::optional(found->get<double>());
}

std::optional<Verdict> verdict_named(const std::string& name) {
  for (const Verdict verdict : {Verdict::faster, Verdict::slower, Verdict::same, Verdict::inconclusive}) {
    if (name == name_of(verdict)) return verdict;
  }
  return std::nullopt;
}

Cell cell_of(const Json& json, const Measure& measure) {
  Cell cell;
  cell.times_s = json.at("times_s").get<std::vector<double>>();
  cell.values = measure.is_time() ? cell.times_s : json.value("values", std::vector<double>());
  cell.failure = printable(json.value("failure", std::string()));
  if (cell.failed()) cell.outcome = json.value("applies", true) ? Outcome::failed : Outcome::not_applicable;
  const bool is_ratio = measure.scale == Scale::ratio;
  const std::string effect = is_ratio ? "ratio" : "difference";
  const auto on_scale = [is_ratio](double value) {
    if (is_ratio && !(value > 0)) throw std::runtime_error("a ratio in it is not above 0");
    return is_ratio ? std::log(value) : value;
  };
  const auto value = optional_number(json, effect);
  if (value) cell.effect = MeanEstimate{.mean = on_scale(*value)};
  const auto low = optional_number(json, effect + "_low"), high = optional_number(json, effect + "_high");
  if (low && high) cell.effect_interval = Interval{on_scale(*low), on_scale(*high)};
  cell.verdict = verdict_named(json.value("verdict", std::string()));
  cell.compared = json.value("compared", std::size_t{0});
  cell.rounds_needed = json.value("rounds_needed", std::size_t{0});
  cell.scaling = optional_number(json, "scaling");
  cell.counters = json.value("counters", std::map<std::string, double>());
  return cell;
}

Comparison comparison_of(const Json& json) {
  Comparison comparison;
  comparison.settings = {.margin = json.at("margin"), .confidence = json.at("confidence")};
  comparison.cell_confidence = json.at("cell_confidence");
  comparison.paired = json.at("paired");
  comparison.first_round = json.at("first_round");
  comparison.sequential = json.value("sequential", false);
  for (const Json& label : json.at("labels"))
    comparison.labels.push_back(printable(label.get<std::string>()));
  for (const Json& row : json.at("rows")) {
    const std::string key = row.at("compared_by");
    ComparedRow& read = comparison.rows.emplace_back();
    read.id = parse_row_id(printable(row.at("name").get<std::string>()));
    read.measure = {.key = key,
                    .better = row.at("better") == name_of(Better::lower) ? Better::lower : Better::higher,
                    .scale = key != Measure::kTime && info_of(key).unit == Unit::share ? Scale::difference
                                                                                       : Scale::ratio};
    for (const Json& cell : row.at("cells")) read.cells.push_back(cell_of(cell, read.measure));
    if (read.cells.size() != comparison.labels.size()) throw std::runtime_error("a row has too few cells");
  }
  if (comparison.labels.empty()) throw std::runtime_error("it has no labels");
  return comparison;
}

}  // namespace

StoredComparison stored_comparison_of(const std::string& text, const std::filesystem::path& file) {
  check_levels(text, file);
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) refuse(file, "it is no JSON; give the comparison.json of a comparison");
  StoredComparison stored;
  try {
    stored.comparison = comparison_of(json);
    for (const auto& [key, value] : json.items()) {
      if (value.is_string()) stored.facts[printable(key)] = printable(value.get<std::string>());
    }
  } catch (const std::exception& error) {
    refuse(file, std::string("it is no comparison of this program's: ") + error.what());
  }
  return stored;
}

std::string comparison_json(const Comparison& comparison,
                            const std::vector<std::pair<std::string, std::string>>& facts) {
  Json json{{"margin", comparison.settings.margin},
            {"confidence", comparison.settings.confidence},
            {"cell_confidence", comparison.cell_confidence},
            {"paired", comparison.paired},
            {"first_round", comparison.first_round}};
  if (comparison.sequential) json["sequential"] = true;
  for (const auto& [name, value] : facts) json[name] = value;
  json["labels"] = comparison.labels;
  json["rows"] = Json::array();
  for (const ComparedRow& row : comparison.rows) {
    Json cells = Json::array();
    for (std::size_t i = 0; i < row.cells.size(); ++i)
      cells.push_back(json_of(row, row.cells[i], comparison.labels[i]));
    json["rows"].push_back({{"name", row.id.name()},
                            {"compared_by", row.measure.key},
                            {"better", name_of(row.measure.better)},
                            {"cells", std::move(cells)}});
  }
  return json_text(json, 1) + "\n";
}

int fail_if_status(const Comparison& comparison, double slower) {
  bool any = false, open = false;
  for (const ComparedRow& row : comparison.rows) {
    for (std::size_t i = 1; i < row.cells.size(); ++i) {
      const Cell& cell = row.cells[i];
      const auto worse = cell.verdict ? row.worse(cell) : std::nullopt;
      const double limit = limit_of(row.measure.scale, slower);
      if (worse && worse->low > limit) return 3;
      const bool shown = worse && worse->high <= limit;
      any = any || shown;
      // A row of the first interpreter's that is gone, or failed, or whose ratio is no number.
      open = open || (!shown && !row.cells[0].times_s.empty());
    }
  }
  return open || !any ? 4 : 0;
}

}  // namespace harness
