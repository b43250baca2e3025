// harness/strategies/benchmark.h: strategies that call what a user's file measures.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/strategies/strategy.h"

namespace harness {

/// A benchmark of a file that has been opened (embed::Api::open_benchmarks).
struct Benchmark {
  std::string file;  ///< as it was opened
  std::string name;  ///< as BenchmarkFacts has it
  bool splits;       ///< likewise
  /// How often each member calls it in a job, so that a job takes longer than it takes to begin one; 0 until
  /// the first row has found that out. The same for all rows.
  std::shared_ptr<std::int64_t> loops = std::make_shared<std::int64_t>(0);
};

/// How often one is called in a job: the first of 1, 2, 5, 10, 20, … for which a job, as `seconds_of_job`
/// says how long it takes, takes longer than it takes to begin one. So it is seldom another number in another
/// process.
std::int64_t loops_for(const std::function<double(std::int64_t loops)>& seconds_of_job);

/// What the remarks of a row say of embed::Verdict::unverified.
std::vector<std::string> remarks_on(const std::string& unverified);

/// Likewise, of what the calling thread does by itself: it has made the call, and is attached.
std::int64_t loops_for(const embed::Api& api, embed::Call* call);

/// On one thread: the baseline of its workload.
Strategy benchmark_on_one_thread(const Benchmark& benchmark);

/// On a team. Each member does the whole job, so that N members do N times its items; where the benchmark
/// splits, the items are split over them.
Strategy benchmark_on_a_team(const Benchmark& benchmark);

}  // namespace harness
