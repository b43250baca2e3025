// harness/compare/stored_run.cpp: a run's result.json, read back.
#include "harness/compare/stored_run.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "harness/compare/refuse.h"
#include "harness/compare/stored_text.h"
#include "harness/row/contention_json.h"
#include "harness/system/text.h"
#include "harness/system/whole_number.h"

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

// A time has a logarithm, and what is computed of several has one.
constexpr double kShortest_s = 1e-18;

/// Nothing where it has none within these bounds.
std::optional<double> time_of(const SortedJson& entry) {
  const auto time = entry.find("real_time");
  if (time == entry.end() || !time->is_number()) return std::nullopt;
  const double time_s = time->get<double>() * seconds_per(entry.value("time_unit", ""));
  return time_s >= kShortest_s && time_s <= kLongestTime_s ? std::optional(time_s) : std::nullopt;
}

bool has_failed(const SortedJson& entry) {
  return entry.value("error_occurred", false) || entry.value("skipped", false);
}

/// What the row is called today. There was one row where there are two, and it said in which state it ran
/// where that made a difference.
std::string name_today(const std::string& name, const std::string& label) {
  if (name != "gil/ensure_release/spinners:0") return name;
  const bool ended = label.find("depends on what ran before") != std::string::npos;
  return name + (ended ? "/state:after_a_thread_ended" : "/state:fresh");
}

/// The repetitions of each row of one process, by name, in the order in which the names came.
class RowsOfProcess {
 public:
  void add(const SortedJson& entry) {
    Row& row = row_named(
        name_today(printable(entry.at("run_name").get<std::string>()), entry.value("label", std::string())));
    if (has_failed(entry)) {
      const bool skipped = !entry.value("error_occurred", false);
      std::string message = entry.value(skipped ? "skip_message" : "error_message", "");
      if (message.empty()) message = skipped ? "skipped" : "failed";
      const StoredOutcome stored = parse_stored_message(message);
      row.outcome = stored.outcome;
      row.reason = printable(stored.reason);
    }
    if (!row.ok()) return;
    row.times_s.push_back(time_of(entry).value());
    add_remarks(row, printable(entry.value("label", std::string())));
    for (const auto& [key, value] : entry.items()) {
      if (is_counter(key, value)) counters_[row.id][printable(key)].push_back(value.get<double>());
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
    for (const Row& row : rows_) {
      for (std::size_t i = 0; i < (row.ok() ? row.times_s.size() : 1); ++i)
        repetitions[i].push_back(row.ok() ? repetition(row, i) : row);
    }
    return repetitions;
  }

 private:
  /// `all` may have a million, so that they are not copied for each.
  Row repetition(const Row& all, std::size_t number) const {
    Row row;
    row.id = all.id;
    row.traits = all.traits;
    row.times_s = {all.times_s[number]};
    if (number == 0) row.counters = all.counters;
    const auto known = counters_.find(all.id);
    if (known == counters_.end()) return row;
    for (const auto& [name, values] : known->second) {
      // Which repetition lacks it is not known where not all have it: then the first has the median.
      if (values.size() == all.times_s.size()) row.counters[name] = values[number];
    }
    return row;
  }

  Row& row_named(const std::string& name) {
    const auto [known, is_new] = index_.try_emplace(parse_row_id(name), rows_.size());
    return is_new ? rows_.emplace_back(stored_row(name)) : rows_[known->second];
  }

  std::vector<Row> rows_;
  std::map<RowId, std::size_t> index_;  // of rows_
  std::map<RowId, std::map<std::string, std::vector<double>>> counters_;
};

/// 0 where it says none.
int round_of(const SortedJson& entry, const std::filesystem::path& file) {
  const auto round = entry.find("round");
  if (round == entry.end()) return 0;
  const auto number = whole_number(*round, 0, kMostRounds);
  if (!number) refuse(file, "a \"round\" in it is no whole number up to " + std::to_string(kMostRounds));
  return static_cast<int>(*number);
}

std::string text_of(const SortedJson& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// Where the rows' threads waited for each other, as insert_contention() has it.
void add_contention(const SortedJson& json, std::vector<Row>& rows) {
  const auto contention = json.find("contention");
  if (contention == json.end() || !contention->is_object()) return;
  for (Row& row : rows) {
    const auto found = contention->find(row.name());
    if (found == contention->end()) continue;
    try {
      row.contention = parse_contention(found->dump());
    } catch (const std::runtime_error&) {  // what another program has under this name
    }
  }
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
  std::set<std::string> names, counters;
  for (const SortedJson& entry : json["benchmarks"]) {
    if (!entry.is_object() || !entry.contains("run_name"))
      refuse(file, "a benchmark in it has no \"run_name\"");
    if (entry.value("run_type", "iteration") != "iteration") continue;
    if (!has_failed(entry) && !time_of(entry)) {
      refuse(file, "the row " + entry["run_name"].dump() +
                       " has no time from 1e-9 ns to 1e17 ns in a unit that is known");
    }
    processes[round_of(entry, file)].add(entry);
    names.insert(entry["run_name"]);
    for (const auto& [key, value] : entry.items()) {
      if (is_counter(key, value)) counters.insert(key);
    }
    if (names.size() > kMostRows) refuse(file, "it has more than " + std::to_string(kMostRows) + " rows");
    if (counters.size() > kMostCounters)
      refuse(file, "it has more than " + std::to_string(kMostCounters) + " counters");
  }
  for (auto& [round, rows] : processes) {
    run.rounds.push_back(round);
    run.processes.push_back(rows.rows());
    if (processes.size() == 1) run.repetitions = rows.repetitions();
    if (processes.size() == 1) add_contention(json, run.processes.back());
  }
  return run;
}

}  // namespace

std::vector<Process> processes_of(const StoredRun& run) {
  std::vector<Process> processes;
  for (const std::vector<Row>& rows : run.repetitions)
    processes.push_back({.round = 0, .failure = {}, .rows = rows});
  if (!processes.empty()) return processes;
  for (std::size_t i = 0; i < run.processes.size(); ++i) {
    processes.push_back({.round = run.rounds[i], .failure = {}, .rows = run.processes[i]});
  }
  return processes;
}

StoredRun read_stored_run(const std::filesystem::path& file) {
  return stored_run_of(stored_text(file, "it cannot be read; give the result.json of a run"), file);
}

StoredRun stored_run_of(const std::string& text, const std::filesystem::path& file) {
  check_levels(text, file);
  const SortedJson json = SortedJson::parse(text, nullptr, false);
  if (json.is_discarded()) refuse(file, "it is no JSON; give the result.json of a run");
  try {
    return parse(file, json);
  } catch (const SortedJson::exception& error) {
    refuse(file, std::string("it is no Google Benchmark JSON: ") + error.what());
  }
}

}  // namespace harness
