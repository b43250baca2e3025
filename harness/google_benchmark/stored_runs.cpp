// harness/google_benchmark/stored_runs.cpp: Google Benchmark's records, read back from its JSON.
#include "harness/google_benchmark/stored_runs.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "harness/google_benchmark/compat.h"

namespace harness {
namespace {

using nlohmann::json;

constexpr std::array kUnits{benchmark::kNanosecond, benchmark::kMicrosecond, benchmark::kMillisecond,
                            benchmark::kSecond};

benchmark::TimeUnit unit_of(const std::string& name) {
  const auto found = std::ranges::find_if(
      kUnits, [&](benchmark::TimeUnit unit) { return name == benchmark::GetTimeUnitString(unit); });
  return found == kUnits.end() ? benchmark::kMillisecond : *found;
}

/// The numbers of an entry that JSONReporter writes of every run and that are no counters.
constexpr std::array<std::string_view, 8> kFields{"family_index", "per_family_instance_index",
                                                  "repetitions",  "repetition_index",
                                                  "threads",      "iterations",
                                                  "real_time",    "cpu_time"};

void take_counters(const json& entry, Run& run) {
  for (const auto& [name, value] : entry.items()) {
    if (!value.is_number() || std::ranges::find(kFields, name) != kFields.end()) continue;
    const bool rate = name.ends_with("_per_second");  // which the wide table shows as one
    run.counters[name] = {value.get<double>(),
                          rate ? benchmark::Counter::kIsRate : benchmark::Counter::kDefaults};
  }
}

/// Undoes what JSONReporter divides and scales by.
void take_times(const json& entry, Run& run) {
  const bool is_share = run.aggregate_unit == benchmark::StatisticUnit::kPercentage;
  const double scale =
      is_share ? 1 : static_cast<double>(run.iterations) / benchmark::GetTimeUnitMultiplier(run.time_unit);
  run.real_accumulated_time = entry.at("real_time").get<double>() * scale;
  run.cpu_accumulated_time = entry.at("cpu_time").get<double>() * scale;
}

Run run_of(const json& entry) {
  Run run;
  run.run_name.function_name = entry.at("run_name").get<std::string>();
  run.family_index = entry.value("family_index", 0);
  run.per_family_instance_index = entry.value("per_family_instance_index", 0);
  run.repetitions = entry.value("repetitions", 1);
  // A copy: Google Benchmark declares the constant and defines it nowhere.
  run.repetition_index = entry.value("repetition_index", std::int64_t{Run::no_repetition_index});
  run.threads = entry.value("threads", 1);
  if (entry.value("run_type", "") == "aggregate") {
    run.run_type = Run::RT_Aggregate;
    run.aggregate_name = entry.at("aggregate_name").get<std::string>();
    if (entry.value("aggregate_unit", "") == "percentage")
      run.aggregate_unit = benchmark::StatisticUnit::kPercentage;
  }
  run.report_label = entry.value("label", "");
  if (entry.value("error_occurred", false)) {
    set_failed(run, entry.value("error_message", ""));
    run.time_unit = benchmark::kMillisecond;
    return run;
  }
  run.iterations = entry.at("iterations").get<std::int64_t>();
  run.time_unit = unit_of(entry.at("time_unit").get<std::string>());
  take_times(entry, run);
  take_counters(entry, run);
  return run;
}

}  // namespace

std::vector<Run> stored_runs(const std::string& text, const std::string& name) {
  std::vector<Run> runs;
  try {
    const json result = json::parse(text);
    for (const json& entry : result.at("benchmarks")) {
      if (entry.at("run_name") == name) runs.push_back(run_of(entry));
    }
  } catch (const json::exception&) {
    runs.clear();
  }
  return runs;
}

}  // namespace harness
