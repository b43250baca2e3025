// harness/strategies/ways.cpp: the table of ways to run a script on several workers.
#include "harness/strategies/ways.h"

#include "harness/strategies/script.h"
#include "harness/strategies/subinterpreters.h"
#include "harness/strategies/workers.h"

namespace harness {

std::vector<Strategy> ways(const std::optional<Benchmark>& benchmark) {
  return {benchmark ? benchmark_on_a_team(*benchmark) : python_threads(),
          subinterpreters(benchmark),
          processes("fork", benchmark),
          processes("forkserver", benchmark),
          processes("spawn", benchmark),
          thread_pool(benchmark),
          interpreter_pool(benchmark),
          process_pool(benchmark)};
}

std::vector<Strategy> baseline_ways_and(const std::vector<Strategy>& others) {
  std::vector<Strategy> all = ways();
  all.insert(all.begin(), python());
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

}  // namespace harness
