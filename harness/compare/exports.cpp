// harness/compare/exports.cpp: one interpreter's processes of a comparison as one file for other tools.
#include "harness/compare/exports.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "harness/compare/json_text.h"
#include "harness/compare/measure.h"
#include "harness/compare/refuse.h"
#include "harness/compare/stored_run.h"
#include "harness/compare/stored_text.h"
#include "harness/report/context.h"
#include "harness/row/row.h"

namespace harness {
namespace {

using Json = nlohmann::ordered_json;

/// The repetitions of one row, over all processes, as Google Benchmark wrote them.
struct Repetitions {
  std::string name;
  std::vector<Json> entries;
};

std::vector<Repetitions>::iterator find_row(std::vector<Repetitions>& rows, const std::string& name) {
  const auto known = std::ranges::find(rows, name, &Repetitions::name);
  return known != rows.end() ? known : rows.insert(known, {name, {}});
}

bool has_failed(const Json& entry) {
  return entry.value("error_occurred", false) || entry.value("skipped", false);
}

/// Of the repetitions that were not in vain: the others have a 0 there.
std::vector<double> numbers(const std::vector<Json>& entries, const char* key) {
  std::vector<double> values;
  for (const Json& entry : entries) {
    if (has_failed(entry)) continue;
    const auto found = entry.find(key);
    if (found != entry.end() && found->is_number()) values.push_back(found->get<double>());
  }
  return values;
}

double aggregate(const std::string& name, const std::vector<double>& values) {
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  if (name == "median") return median(values);
  if (name == "mean") return mean;
  return coefficient_of_variation(values) * (name == "cv" ? 1 : mean);
}

/// Google Benchmark's rows of aggregates, of the times.
void append_aggregates(const Repetitions& row, Json& benchmarks) {
  const std::vector<double> real = numbers(row.entries, "real_time");
  const std::vector<double> cpu = numbers(row.entries, "cpu_time");
  if (real.size() < 2 || cpu.size() != real.size()) return;
  for (const std::string name : {"mean", "median", "stddev", "cv"}) {
    benchmarks.push_back(
        {{"name", row.name + "_" + name},
         {"family_index", row.entries[0].value("family_index", Json(0))},
         {"per_family_instance_index", row.entries[0].value("per_family_instance_index", Json(0))},
         {"run_name", row.name},
         {"run_type", "aggregate"},
         {"repetitions", real.size()},
         {"threads", 1},
         {"aggregate_name", name},
         {"aggregate_unit", name == "cv" ? "percentage" : "time"},
         {"iterations", real.size()},
         {"real_time", aggregate(name, real)},
         {"cpu_time", aggregate(name, cpu)},
         {"time_unit", row.entries[0].value("time_unit", Json("ms"))}});
  }
}

Json parse(const std::filesystem::path& file) {
  const std::string text = stored_text(file, "it cannot be read");
  stored_run_of(text, file);  // throws where it is not what a run has written
  return Json::parse(text);
}

/// What the row is compared by, a value a repetition; nothing where that is no time.
std::vector<double> seconds_of(const StoredRun& run, const Row& row) {
  if (!row.ok()) return {};
  const Measure measure = measure_of(row);
  if (measure.is_time()) return row.times_s;
  if (info_of(measure.key).unit != Unit::ns) return {};
  std::vector<double> values_s;
  for (const std::vector<Row>& repetition : run.repetitions) {
    const Row* const one = find_row(repetition, row.id);
    const auto value_ns = one == nullptr ? std::nullopt : measure.value_of(*one);
    if (value_ns) values_s.push_back(*value_ns / 1e9);
  }
  return values_s;
}

/// What pyperf calls the facts that it has names for.
Json pyperf_metadata(const Context& context) {
  constexpr std::array<std::pair<const char*, const char*>, 6> kNames{
      {{"python_version", "python_version"},
       {"python_implementation", "python_implementation"},
       {"python_executable", "python_executable"},
       {"cpu_model", "cpu_model_name"},
       {"aslr", "aslr"},
       {"harness_version", "harness_version"}}};
  Json metadata{{"unit", "second"}};
  for (const auto& [ours, theirs] : kNames) {
    if (const auto found = context.find(ours); found != context.end()) metadata[theirs] = found->second;
  }
  return metadata;
}

}  // namespace

std::string benchmark_json_of(const std::vector<ProcessFile>& processes) {
  Json context = Json::object();
  std::vector<Repetitions> rows;
  for (const auto& [round, file] : processes) {
    Json json = parse(file);
    if (context.empty() && json.contains("context") && json["context"].is_object()) context = json["context"];
    for (Json& entry : json["benchmarks"]) {
      if (entry.value("run_type", "iteration") != "iteration") continue;
      entry["round"] = round;
      find_row(rows, entry.at("run_name"))->entries.push_back(std::move(entry));
    }
  }
  context["processes"] = std::to_string(processes.size());
  Json benchmarks = Json::array();
  for (Repetitions& row : rows) {
    for (std::size_t i = 0; i < row.entries.size(); ++i) {
      row.entries[i]["repetitions"] = row.entries.size();
      row.entries[i]["repetition_index"] = i;
      benchmarks.push_back(row.entries[i]);
    }
    append_aggregates(row, benchmarks);
  }
  return json_text(Json{{"context", std::move(context)}, {"benchmarks", std::move(benchmarks)}}, 1) + "\n";
}

std::string pyperf_json_of(const std::vector<ProcessFile>& processes) {
  Json metadata;
  std::vector<std::pair<std::string, Json>> rows;  // each with its runs
  for (const auto& [round, file] : processes) {
    const StoredRun run = read_stored_run(file);
    if (metadata.is_null()) metadata = pyperf_metadata(run.context);
    if (run.processes.empty()) continue;  // it ended before its first row
    for (const Row& row : run.processes.front()) {
      const std::vector<double> values_s = seconds_of(run, row);
      if (values_s.empty()) continue;
      auto known = std::ranges::find(rows, row.name(), &std::pair<std::string, Json>::first);
      if (known == rows.end()) known = rows.insert(known, {row.name(), Json::array()});
      known->second.push_back({{"metadata", {{"round", round}}}, {"values", values_s}});
    }
  }
  Json benchmarks = Json::array();
  for (auto& [name, runs] : rows) {
    benchmarks.push_back({{"metadata", {{"name", name}}}, {"runs", std::move(runs)}});
  }
  const Json all{
      {"version", "1.0"}, {"metadata", std::move(metadata)}, {"benchmarks", std::move(benchmarks)}};
  return json_text(all) + "\n";
}

}  // namespace harness
