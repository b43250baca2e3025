// harness/google_benchmark/test_records.h: Google Benchmark's records for tests, without running anything.
#pragma once

#include <string>
#include <vector>

#include "harness/google_benchmark/compat.h"

namespace harness {

using Record = benchmark::BenchmarkReporter::Run;

/// A record as Google Benchmark makes it: of one repetition of `iterations` iterations.
inline Record repetition(const std::string& name, double seconds, std::int64_t index = 0,
                         std::int64_t repetitions = 1) {
  Record run;
  run.run_name.function_name = name;
  run.run_name.time_type = "process_time/manual_time";
  run.run_name.repetitions = "repeats:" + std::to_string(repetitions);
  run.family_index = 0;
  run.per_family_instance_index = 0;
  run.iterations = 10;
  run.repetition_index = index;
  run.repetitions = repetitions;
  run.time_unit = benchmark::kMillisecond;
  run.real_accumulated_time = seconds * 10;
  run.cpu_accumulated_time = seconds * 10;
  return run;
}

inline Record failed(const std::string& name, const std::string& message) {
  Record run = repetition(name, 0);
  set_failed(run, message);
  return run;
}

inline Record aggregate(const std::string& name, const std::string& kind, double seconds) {
  Record run = repetition(name, seconds, Record::no_repetition_index, 3);
  run.run_type = Record::RT_Aggregate;
  run.aggregate_name = kind;
  return run;
}

/// The second call that Google Benchmark makes of three repetitions.
inline std::vector<Record> aggregates(const std::string& name, double median_s) {
  return {aggregate(name, "mean", 5), aggregate(name, "median", median_s), aggregate(name, "stddev", 7),
          aggregate(name, "cv", 9)};
}

inline std::vector<Record> repetitions(const std::string& name, const std::vector<double>& seconds) {
  std::vector<Record> runs;
  for (const double time : seconds) {
    runs.push_back(repetition(name, time, static_cast<std::int64_t>(runs.size()),
                              static_cast<std::int64_t>(seconds.size())));
  }
  return runs;
}

}  // namespace harness
