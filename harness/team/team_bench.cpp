// harness/team/team_bench.cpp: what an iteration costs around its job, on teams of several sizes.
//
// Time is what a row would be credited with: from the barrier's opening to the last member's end. The counter
// turnaround_us is what one iteration takes of the run as a whole, with what passes before the barrier opens
// and until the caller goes on.
//
// job/threads/work_us/clocks: each member computes for work_us. clocks:0 reads the members' clocks never,
// clocks:1 as a row does (after a job of kLongJob_ns), clocks:2 around every job. The counter over_never is
// the median time over that of clocks:0 on the same team, whose jobs alternate with these.
//
// apart/work_us: each of two members computes for work_us, in a team that is placed, in turn with one that is
// not. shared_placed and shared_free are the shares of looks at which two members were on one core, over_free
// the median time of the one over that of the other, and turnaround_us that of the team that is placed.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <thread>
#include <vector>

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

void compute_for(std::chrono::microseconds length) {
  const auto end = std::chrono::steady_clock::now() + length;
  while (std::chrono::steady_clock::now() < end) {
  }
}

double median_of(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

void job(benchmark::State& state) {
  const std::chrono::microseconds work(state.range(1));
  constexpr std::int64_t kFrom_ns[] = {std::numeric_limits<std::int64_t>::max(), kLongJob_ns, 0};
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  Team team(static_cast<int>(state.range(0)), {}, cores);
  Team never(static_cast<int>(state.range(0)), {}, cores);
  team.read_clocks_from(kFrom_ns[state.range(2)]);
  never.read_clocks_from(kFrom_ns[0]);
  const Team::Body body = [&](int) { compute_for(work); };
  std::vector<double> times_s, never_s;
  for (auto iteration : state) {
    static_cast<void>(iteration);
    times_s.push_back(team.run(body).wall_s());
    never_s.push_back(never.run(body).wall_s());
    state.SetIterationTime(times_s.back());
  }
  state.counters["over_never"] = median_of(times_s) / median_of(never_s);
}
BENCHMARK(job)
    ->ArgNames({"threads", "work_us", "clocks"})
    ->ArgsProduct({{1, 2}, {3, 30}, {0, 1, 2}})
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond)
    ->Iterations(10'000);
BENCHMARK(job)
    ->ArgNames({"threads", "work_us", "clocks"})
    ->ArgsProduct({{1, 2}, {1500}, {0, 1}})
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond)
    ->Iterations(500);

void apart(benchmark::State& state) {
  const std::chrono::microseconds work(state.range(0));
  std::vector<int> cpus;
  for (int cpu = 0; cpu < static_cast<int>(std::thread::hardware_concurrency()); ++cpu) cpus.push_back(cpu);
  const std::vector<int> homes = distinct_cores_first(cores_of(cpus));
  Team placed(2, {}, static_cast<int>(homes.size()), Placement(cores_of_this_machine(), homes));
  Team free(2, {}, static_cast<int>(homes.size()), Placement(cores_of_this_machine()));
  const Team::Body body = [&](int) { compute_for(work); };
  std::vector<double> placed_s, free_s;
  CoreSharing shared_placed, shared_free;
  std::chrono::duration<double, std::micro> turns{};
  for (auto iteration : state) {
    static_cast<void>(iteration);
    const auto start = std::chrono::steady_clock::now();
    const JobTime time = placed.run(body);
    turns += std::chrono::steady_clock::now() - start;
    placed_s.push_back(time.wall_s());
    shared_placed += time.sharing;
    const JobTime free_time = free.run(body);
    free_s.push_back(free_time.wall_s());
    shared_free += free_time.sharing;
    state.SetIterationTime(time.wall_s());
  }
  state.counters["shared_placed"] = shared_placed.share().value_or(-1);
  state.counters["shared_free"] = shared_free.share().value_or(-1);
  state.counters["over_free"] = median_of(placed_s) / median_of(free_s);
  state.counters["turnaround_us"] = benchmark::Counter(turns.count(), benchmark::Counter::kAvgIterations);
}
BENCHMARK(apart)
    ->ArgName("work_us")
    ->Arg(3)
    ->Arg(300)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond)
    ->Iterations(5000);
BENCHMARK(apart)
    ->ArgName("work_us")
    ->Arg(20'000)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond)
    ->Iterations(100);

}  // namespace
}  // namespace harness

BENCHMARK_MAIN();
