// harness/compare/comparison_json.cpp: a comparison as programs read it.
#include "harness/compare/comparison_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/compare/json_text.h"

namespace harness {
namespace {

using Json = nlohmann::ordered_json;

/// Of each machine of the comparison what the cell's rounds on it come to, null where there are none.
void add_machines(const Comparison& comparison, const ComparedRow& row, const Cell& cell,
                  const std::string& effect, Json& json) {
  std::vector<Json> values(comparison.merged->machines.size()), rounds(values.size(), Json(0));
  for (const MachineEffect& machine : cell.machines) {
    values.at(machine.machine) = row.measure.scale == Scale::ratio ? std::exp(machine.mean) : machine.mean;
    rounds.at(machine.machine) = machine.rounds;
  }
  json["machines"] = cell.machines.size();
  if (cell.verdict && cell.verdict != Verdict::inconclusive)
    json["machines_agreeing"] = row.machines_agreeing(cell, comparison.settings.margin);
  if (cell.machines_needed > 0) json["machines_needed"] = cell.machines_needed;
  json["machine_" + effect + "s"] = values;
  json["machine_rounds"] = rounds;
  if (!cell.one_effect_probability) return;
  json["differs_between_machines"] = cell.differs_between_machines;
  json["one_effect_probability"] = *cell.one_effect_probability;
}

/// How the comparison was put together, or which part of one it is.
void add_parts(const Comparison& comparison, Json& json) {
  if (const auto& part = comparison.part)
    json["shard"] = {{"part", part->part}, {"parts", part->parts}, {"rounds", part->rounds}};
  if (!comparison.merged) return;
  const MergedParts& merged = *comparison.merged;
  json["parts"] = merged.parts;
  json["parts_found"] = merged.parts_found;
  json["planned_rounds"] = merged.rounds;
  json["missing_rounds"] = merged.missing_rounds;
  json["machines"] = Json::array();
  for (const ComparedMachine& machine : merged.machines) {
    json["machines"].push_back(
        {{"name", machine.name}, {"rounds", machine.rounds}, {"cpu_model", machine.cpu_model}});
  }
}

Json json_of(const Comparison& comparison, const ComparedRow& row, const Cell& cell,
             const std::string& label) {
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
  if (comparison.merged && !cell.machines.empty()) add_machines(comparison, row, cell, effect, json);
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
  add_parts(comparison, json);
  json["labels"] = comparison.labels;
  json["rows"] = Json::array();
  for (const ComparedRow& row : comparison.rows) {
    Json cells = Json::array();
    for (std::size_t i = 0; i < row.cells.size(); ++i)
      cells.push_back(json_of(comparison, row, row.cells[i], comparison.labels[i]));
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
