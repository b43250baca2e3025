// harness/team/team_bench.cpp: what an iteration costs around its job: an empty job, on teams of several
// sizes.
//
// Time is what a row would be credited with: from the barrier's opening to the last member's end. The counter
// turnaround_us is what one iteration takes of the run as a whole, with what passes before the barrier opens
// and until the caller goes on.
#include <benchmark/benchmark.h>

#include <chrono>
#include <thread>

#include "harness/team/team.h"

namespace harness {
namespace {

void empty_job(benchmark::State& state) {
  Team team(static_cast<int>(state.range(0)), {}, static_cast<int>(std::thread::hardware_concurrency()));
  const auto start = std::chrono::steady_clock::now();
  for (auto iteration : state) {
    static_cast<void>(iteration);
    state.SetIterationTime(team.run([](int) {}).wall_s());
  }
  const std::chrono::duration<double, std::micro> all = std::chrono::steady_clock::now() - start;
  state.counters["turnaround_us"] = benchmark::Counter(all.count(), benchmark::Counter::kAvgIterations);
}
BENCHMARK(empty_job)
    ->Arg(1)
    ->Arg(2)
    ->Arg(4)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond)
    ->Iterations(20'000);

}  // namespace
}  // namespace harness

BENCHMARK_MAIN();
