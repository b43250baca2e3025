// harness/google_benchmark/runs.h: what a row's values are, in Google Benchmark's records.
#pragma once

#include <benchmark/benchmark.h>

namespace harness {

using Run = benchmark::BenchmarkReporter::Run;

/// Seconds an iteration.
inline double time_s(const Run& run) {
  return run.GetAdjustedRealTime() / benchmark::GetTimeUnitMultiplier(run.time_unit);
}

/// Seconds of the process's CPU time an iteration.
inline double cpu_s(const Run& run) {
  return run.GetAdjustedCPUTime() / benchmark::GetTimeUnitMultiplier(run.time_unit);
}

/// Whether a row's values are taken from this run: aggregates come along only where repetitions are not
/// reported.
inline bool is_value(const Run& run) {
  return run.run_type == Run::RT_Iteration || run.aggregate_name == "median";
}

}  // namespace harness
