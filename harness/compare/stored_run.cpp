// harness/compare/stored_run.cpp: a run's result.json, read back.
#include "harness/compare/stored_run.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "harness/compare/refuse.h"
#include "harness/system/text.h"

namespace harness {
namespace {

using SortedJson = nlohmann::json;  // an object in a context is shown with its keys in order

double seconds_per(const std::string& unit) {
  constexpr std::array<std::pair<std::string_view, double>, 4> kUnits{
      {{"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1}}};
  const auto found = std::ranges::find(kUnits, unit, &std::pair<std::string_view, double>::first);
  return found == kUnits.end() ? 0 : found->second;
}

/// The fields of a row that are Google Benchmark's own and no counters.
bool is_counter(const std::string& key, const SortedJson& value) {
  static const std::set<std::string> kOwn{"family_index", "per_family_instance_index",
                                          "repetitions",  "repetition_index",
                                          "threads",      "iterations",
                                          "real_time",    "cpu_time",
                                          "round"};
  return value.is_number() && !kOwn.contains(key);
}

/// The repetitions of each row of one process, by name, in the order in which the names came.
class RowsOfProcess {
 public:
  void add(const SortedJson& entry) {
    Row& row = row_named(printable(entry.at("run_name").get<std::string>()));
    std::string message;
    if (entry.value("error_occurred", false)) {
      message = entry.value("error_message", "failed");
    } else if (entry.value("skipped", false)) {
      message = entry.value("skip_message", "skipped");
    }
    if (!message.empty()) {
      const StoredOutcome stored = parse_stored_message(message);
      row.outcome = stored.outcome;
      row.reason = printable(stored.reason);
    }
    if (!row.ok()) return;
    row.times_s.push_back(entry.at("real_time").get<double>() * seconds_per(entry.at("time_unit")));
    for (const auto& [key, value] : entry.items()) {
      if (is_counter(key, value)) counters_[row.id][key].push_back(value.get<double>());
    }
  }

  std::vector<Row> rows() {
    for (Row& row : rows_) {
      for (const auto& [name, values] : counters_[row.id]) row.counters[name] = median(values);
      find_item_unit(row);
    }
    return rows_;
  }

  /// After rows().
  std::vector<std::vector<Row>> repetitions() const {
    std::size_t count = 1;
    for (const Row& row : rows_) count = std::max(count, row.times_s.size());
    std::vector<std::vector<Row>> repetitions(count);
    for (std::size_t i = 0; i < count; ++i) {
      for (const Row& row : rows_) {
        if (row.ok() ? i >= row.times_s.size() : i > 0) continue;
        repetitions[i].push_back(row.ok() ? repetition(row, i) : row);
      }
    }
    return repetitions;
  }

 private:
  Row repetition(Row row, std::size_t number) const {
    const std::size_t count = row.times_s.size();
    row.times_s = {row.times_s[number]};
    const auto known = counters_.find(row.id);
    if (known == counters_.end()) return row;
    for (const auto& [name, values] : known->second) {
      // Where not every repetition has the counter, which one lacks it is not known.
      if (values.size() == count) row.counters[name] = values[number];
    }
    return row;
  }

  Row& row_named(const std::string& name) {
    const auto known = std::ranges::find(rows_, parse_row_id(name), &Row::id);
    return known != rows_.end() ? *known : rows_.emplace_back(stored_row(name));
  }

  std::vector<Row> rows_;
  std::map<RowId, std::map<std::string, std::vector<double>>> counters_;
};

bool is_time(const SortedJson& entry) {
  const auto time = entry.find("real_time");
  return time != entry.end() && time->is_number() && time->get<double>() > 0 &&
         seconds_per(entry.value("time_unit", "")) > 0;
}

bool has_failed(const SortedJson& entry) {
  return entry.value("error_occurred", false) || entry.value("skipped", false);
}

std::string text_of(const SortedJson& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

StoredRun parse(const std::filesystem::path& file, const SortedJson& json) {
  if (!json.is_object() || !json.contains("benchmarks") || !json["benchmarks"].is_array()) {
    refuse(file, "it is no Google Benchmark JSON: it has no list of \"benchmarks\"");
  }
  StoredRun run;
  if (const auto context = json.find("context"); context != json.end() && context->is_object()) {
    for (const auto& [key, value] : context->items()) run.context[printable(key)] = printable(text_of(value));
  }
  std::map<int, RowsOfProcess> processes;
  for (const SortedJson& entry : json["benchmarks"]) {
    if (!entry.is_object() || !entry.contains("run_name"))
      refuse(file, "a benchmark in it has no \"run_name\"");
    if (entry.value("run_type", "iteration") != "iteration") continue;
    if (!has_failed(entry) && !is_time(entry)) {
      refuse(file, "the row " + entry["run_name"].dump() + " has no time above 0 in a unit that is known");
    }
    processes[entry.value("round", 0)].add(entry);
  }
  for (auto& [round, rows] : processes) {
    run.rounds.push_back(round);
    run.processes.push_back(rows.rows());
    if (processes.size() == 1) run.repetitions = rows.repetitions();
  }
  return run;
}

}  // namespace

StoredRun read_stored_run(const std::filesystem::path& file) {
  const auto text = read_text_file(file);
  if (!text) refuse(file, "it cannot be read; give the result.json of a run");
  if (has_more_levels(*text)) {
    refuse(file,
           "it has more than " + std::to_string(kMostJsonLevels) + " levels; give the result.json of a run");
  }
  const SortedJson json = SortedJson::parse(*text, nullptr, false);
  if (json.is_discarded()) refuse(file, "it is no JSON; give the result.json of a run");
  try {
    return parse(file, json);
  } catch (const SortedJson::exception& error) {
    refuse(file, std::string("it is no Google Benchmark JSON: ") + error.what());
  }
}

}  // namespace harness
