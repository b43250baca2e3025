// harness/compare/comparison_json.cpp: a comparison as programs read it.
#include "harness/compare/comparison_json.h"

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "harness/compare/json_text.h"
#include "harness/compare/refuse.h"
#include "harness/compare/stored_text.h"
#include "harness/system/text.h"

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

void add_gain(const std::string& key, const std::optional<Gain>& gain, Json& json) {
  if (!gain) return;
  json[key] = gain->times;
  if (!gain->interval) return;
  json[key + "_low"] = gain->interval->low;
  json[key + "_high"] = gain->interval->high;
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
  json["warnings"] = merged.warnings;
  json["context"] = merged.context;
  json["context_differs"] = merged.context_differs;
}

Json json_of(const Comparison& comparison, const ComparedRow& row, const Cell& cell,
             const std::string& label) {
  Json json{{"label", label}, {"times_s", cell.times_s}};
  if (cell.failed()) {
    json["failure"] = cell.failure;
    json["applies"] = cell.outcome == Outcome::failed;
  }
  if (!cell.times_s.empty()) json["time_s"] = cell.time_s();
  if (cell.without_break_even > 0) json["no_break_even_processes"] = cell.without_break_even;
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
  add_gain("scaling", cell.scaling, json);
  add_gain("speedup", cell.speedup, json);
  if (!cell.counters.empty()) json["counters"] = cell.counters;
  return json;
}

/// Nothing where it is absent, or null: what JSON has for an infinite one.
std::optional<double> optional_number(const Json& json, const std::string& key) {
  const auto found = json.find(key);
  return found == json.end() || found->is_null() ? std::nullopt : std::optional(found->get<double>());
}

/// What add_gain() wrote.
std::optional<Gain> gain_named(const std::string& key, const Json& json) {
  const auto times = optional_number(json, key);
  if (!times) return std::nullopt;
  const auto low = optional_number(json, key + "_low"), high = optional_number(json, key + "_high");
  if (!(*times > 0 && low.value_or(1) > 0 && high.value_or(1) > 0))
    throw std::runtime_error("a gain in it is not above 0");
  return Gain{.times = *times, .interval = low && high ? std::optional(Interval{*low, *high}) : std::nullopt};
}

std::optional<Verdict> verdict_named(const std::string& name) {
  for (const Verdict verdict : {Verdict::faster, Verdict::slower, Verdict::same, Verdict::inconclusive}) {
    if (name == name_of(verdict)) return verdict;
  }
  return std::nullopt;
}

/// What add_machines() wrote of a cell of a comparison on that many machines.
void take_machines(const Json& json, const std::string& effect, const std::function<double(double)>& on_scale,
                   std::size_t machines, Cell& cell) {
  const auto values = json.find("machine_" + effect + "s");
  if (values == json.end()) return;
  const Json& rounds = json.at("machine_rounds");
  if (values->size() != machines || rounds.size() != machines)
    throw std::runtime_error("a cell has other machines than the comparison");
  for (std::size_t i = 0; i < machines; ++i) {
    if ((*values)[i].is_null()) continue;
    cell.machines.push_back({.machine = i, .rounds = rounds[i], .mean = on_scale((*values)[i])});
  }
  cell.machines_needed = json.value("machines_needed", std::size_t{0});
  cell.one_effect_probability = optional_number(json, "one_effect_probability");
  cell.differs_between_machines = json.value("differs_between_machines", false);
}

/// An object's keys and values that are texts.
std::map<std::string, std::string> texts_of(const Json& json) {
  std::map<std::string, std::string> texts;
  for (const auto& [key, value] : json.items()) texts[printable(key)] = printable(value.get<std::string>());
  return texts;
}

/// What add_parts() wrote.
void take_parts(const Json& json, Comparison& comparison) {
  if (const auto shard = json.find("shard"); shard != json.end())
    comparison.part = {.part = shard->at("part"), .parts = shard->at("parts"), .rounds = shard->at("rounds")};
  if (!json.contains("parts_found")) return;
  MergedParts merged{.machines = {},
                     .parts = json.at("parts"),
                     .parts_found = json.at("parts_found"),
                     .rounds = json.at("planned_rounds"),
                     .missing_rounds = json.at("missing_rounds")};
  for (const Json& machine : json.at("machines")) {
    merged.machines.push_back({.name = printable(machine.at("name").get<std::string>()),
                               .cpu_model = printable(machine.at("cpu_model").get<std::string>()),
                               .rounds = machine.at("rounds")});
  }
  if (merged.rounds < static_cast<int>(merged.missing_rounds.size()))
    throw std::runtime_error("more rounds are missing than there were to be");
  // A merge of an older version has none.
  for (const Json& warning : json.value("warnings", Json::array()))
    merged.warnings.push_back(printable(warning.get<std::string>()));
  merged.context = texts_of(json.value("context", Json::object()));
  const Json differs = json.value("context_differs", Json::object());
  for (const auto& [key, machines] : differs.items())
    merged.context_differs[printable(key)] = texts_of(machines);
  comparison.merged = std::move(merged);
}

Cell cell_of(const Json& json, const Measure& measure, std::size_t machines) {
  Cell cell;
  cell.times_s = json.at("times_s").get<std::vector<double>>();
  cell.values = measure.is_time() ? cell.times_s : json.value("values", std::vector<double>());
  cell.failure = printable(json.value("failure", std::string()));
  if (cell.failed()) cell.outcome = json.value("applies", true) ? Outcome::failed : Outcome::not_applicable;
  cell.without_break_even = json.value("no_break_even_processes", std::size_t{0});
  const bool is_ratio = measure.scale == Scale::ratio;
  const std::string effect = is_ratio ? "ratio" : "difference";
  const auto on_scale = [is_ratio](double value) {
    if (is_ratio && !(value > 0)) throw std::runtime_error("a ratio in it is not above 0");
    return is_ratio ? std::log(value) : value;
  };
  const auto value = optional_number(json, effect);
  if (value) cell.effect = MeanEstimate{.mean = on_scale(*value)};
  const auto low = optional_number(json, effect + "_low"), high = optional_number(json, effect + "_high");
  const bool ends_at_0 = is_ratio && low == 0;  // what is too small for a number
  if (low && high && !ends_at_0) cell.effect_interval = Interval{on_scale(*low), on_scale(*high)};
  take_machines(json, effect, on_scale, machines, cell);
  cell.verdict = verdict_named(json.value("verdict", std::string()));
  cell.compared = json.value("compared", std::size_t{0});
  cell.rounds_needed = json.value("rounds_needed", std::size_t{0});
  cell.scaling = gain_named("scaling", json);
  cell.speedup = gain_named("speedup", json);
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
  take_parts(json, comparison);
  const std::size_t machines = comparison.merged ? comparison.merged->machines.size() : 0;
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
    for (const Json& cell : row.at("cells")) read.cells.push_back(cell_of(cell, read.measure, machines));
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
  bool any = false, open = comparison.merged && !comparison.merged->missing_rounds.empty();
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
