// harness/report_page/page_json.cpp: what a page is made of, for the program that draws it.
#include "harness/report_page/page_json.h"

#include <nlohmann/json.hpp>

#include "harness/build_info.h"
#include "harness/compare/comparison_json.h"
#include "harness/compare/json_text.h"
#include "harness/tracer/summary_document.h"

namespace harness {
namespace {

using Json = nlohmann::ordered_json;

std::string_view name_of(Style style) {
  switch (style) {
    case Style::strong:
      return "strong";
    case Style::good:
      return "good";
    case Style::bad:
      return "bad";
    case Style::doubtful:
      return "doubtful";
    case Style::dim:
      return "dim";
    case Style::plain:
      break;
  }
  return "plain";
}

Json json_of(const Table& table) {
  Json columns = Json::array(), rows = Json::array();
  for (const Column& column : table.columns) {
    columns.push_back(
        {{"key", column.key}, {"title", column.title}, {"right", column.right}, {"joined", column.joined}});
  }
  for (const std::vector<TableCell>& row : table.rows) {
    Json cells = Json::array();
    for (const TableCell& cell : row) cells.push_back({{"text", cell.text}, {"style", name_of(cell.style)}});
    rows.push_back(std::move(cells));
  }
  return {{"title", table.title}, {"columns", std::move(columns)}, {"rows", std::move(rows)}};
}

Json pairs(const std::vector<std::pair<std::string, std::string>>& entries) {
  Json json = Json::array();
  for (const auto& [first, second] : entries) json.push_back({first, second});
  return json;
}

Json json_of(const Document& document) {
  Json sections = Json::array();
  for (const Section& section : document.sections) {
    Json tables = Json::array();
    for (const Table& table : section.tables) tables.push_back(json_of(table));
    sections.push_back({{"title", section.title},
                        {"note", section.note},
                        {"tables", std::move(tables)},
                        {"sentences", section.sentences}});
  }
  return {{"facts", pairs(document.facts)},
          {"sections", std::move(sections)},
          {"notes", document.notes},
          {"warnings", document.warnings},
          {"data", json_of(document.data)}};
}

Json json_of(const Row& row, const PagePart& part) {
  Json labels = Json::object();
  for (const Label& label : row.id.labels) labels[label.key] = label.value;
  Json json{{"name", row.name()},
            {"workload", row.id.workload},
            {"strategy", row.id.strategy},
            {"labels", std::move(labels)},
            {"times_s", row.times_s},
            {"items", row.items()},
            {"item_unit", row.traits.item_unit},
            {"each_does_all", row.traits.each_does_all},
            {"counters", row.counters}};
  const auto repetitions = part.repetitions.find(row.name());
  if (row.traits.costs_to_enter && repetitions != part.repetitions.end()) {
    json["repetitions"] = repetitions->second;
  }
  if (!row.ok()) json["error"] = stored_message(row.outcome, row.reason);
  const auto account = part.accounts.find(row.name());
  if (account != part.accounts.end()) json["account"] = account->second;
  return json;
}

Json json_of(const PagePart& part) {
  Json json{{"kind", part.kind},
            {"source", part.source},
            {"title", part.title},
            {"question", part.question},
            {"answers", pairs(part.answers)},
            {"command", part.command},
            {"text", part.text},
            {"document", json_of(part.document)}};
  if (!part.timeline.empty()) json["timeline"] = part.timeline.string();
  if (part.comparison) json["comparison"] = Json::parse(comparison_json(*part.comparison, {}));
  if (part.trace) json["trace"] = Json::parse(tracer::summary_json(*part.trace));
  for (const Row& row : part.rows) json["rows"].push_back(json_of(row, part));
  return json;
}

}  // namespace

std::string page_json(std::span<const PagePart> parts) {
  Json json{{"version", HARNESS_VERSION}, {"commit", HARNESS_COMMIT}, {"parts", Json::array()}};
  for (const PagePart& part : parts) json["parts"].push_back(json_of(part));
  return json_text(json, 1) + "\n";
}

}  // namespace harness
