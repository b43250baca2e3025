// harness/compare/comparison_json.cpp: a comparison as programs read it.
#include "harness/compare/comparison_json.h"

#include <nlohmann/json.hpp>

#include "harness/compare/json_text.h"

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

}  // namespace

std::string comparison_json(const Comparison& comparison,
                            const std::vector<std::pair<std::string, std::string>>& facts) {
  Json json{{"margin", comparison.settings.margin},
            {"confidence", comparison.settings.confidence},
            {"cell_confidence", comparison.cell_confidence},
            {"paired", comparison.paired},
            {"first_round", comparison.first_round}};
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
      const Beyond beyond = row.beyond(cell, slower);
      if (beyond == Beyond::yes) return 3;
      const bool shown = beyond == Beyond::no;
      any = any || shown;
      // A row of the first interpreter's that is gone, or failed, or whose ratio is no number.
      open = open || (!shown && !row.cells[0].times_s.empty());
    }
  }
  return open || !any ? 4 : 0;
}

}  // namespace harness
