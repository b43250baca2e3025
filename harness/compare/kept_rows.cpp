// harness/compare/kept_rows.cpp: of a process's result what a comparison asks for, in a file of its own.
#include "harness/compare/kept_rows.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "harness/compare/json_text.h"
#include "harness/compare/stored_run.h"
#include "harness/system/text.h"

namespace harness {
namespace {

using PlainJson = nlohmann::json;

constexpr int kKeptFormat = 4;
constexpr std::size_t kFirstCounter = 4;  // of a row's values: name, message, unit and times come before

Row row_of(const PlainJson& json, const std::vector<std::string>& counters) {
  Row row = stored_row(json.at(0).get<std::string>());
  const StoredOutcome stored = parse_stored_message(json.at(1).get<std::string>());
  row.outcome = stored.outcome;
  row.reason = stored.reason;
  row.traits.item_unit = json.at(2).get<std::string>();
  if (json.at(3).is_array()) row.times_s = json.at(3).get<std::vector<double>>();
  for (std::size_t i = kFirstCounter; i < json.size(); ++i) {
    if (json[i].is_number()) row.counters.emplace(counters.at(i - kFirstCounter), json[i].get<double>());
  }
  return row;
}

}  // namespace

std::string kept_rows_text(const FinishedProcess& finished) {
  std::set<std::string> counters;
  for (const Row& row : finished.process.rows) {
    for (const auto& [name, value] : row.counters) counters.insert(name);
  }
  PlainJson rows = PlainJson::array();
  for (const Row& row : finished.process.rows) {
    PlainJson json = PlainJson::array();
    json.push_back(row.name());
    json.push_back(stored_message(row.outcome, row.reason));
    json.push_back(row.traits.item_unit);
    json.push_back(row.ok() ? PlainJson(row.times_s) : PlainJson());
    for (const std::string& counter : counters) {
      const auto value = row.counter(counter);
      json.push_back(value ? PlainJson(*value) : PlainJson());
    }
    rows.push_back(std::move(json));
  }
  return json_text(PlainJson{{"kept", kKeptFormat},
                             {"context", finished.context},
                             {"counters", counters},
                             {"rows", std::move(rows)}}) +
         "\n";
}

std::optional<FinishedProcess> finished_of_kept_rows(const std::string& text) {
  if (has_more_levels(text)) return std::nullopt;
  const PlainJson json = PlainJson::parse(text, nullptr, false);
  try {
    if (json.is_discarded() || json.at("kept") != kKeptFormat) return std::nullopt;
    FinishedProcess finished;
    finished.context = json.at("context");
    const std::vector<std::string> counters = json.at("counters");
    for (const PlainJson& row : json.at("rows")) {
      finished.process.rows.push_back(row_of(row, counters));
      const Row& now = finished.process.rows.back();
      const bool in_range = std::ranges::all_of(
          now.times_s, [](double time_s) { return time_s > 0 && time_s <= kLongestTime_s; });
      if (now.ok() != !now.times_s.empty() || !in_range) return std::nullopt;
    }
    return finished;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace harness
