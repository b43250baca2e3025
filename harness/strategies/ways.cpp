// harness/strategies/ways.cpp: the table of ways to run a script on several workers.
#include "harness/strategies/ways.h"

#include "harness/strategies/script.h"
#include "harness/strategies/subinterpreters.h"
#include "harness/strategies/workers.h"

namespace harness {

std::vector<Strategy> ways() {
  return {python_threads(),
          subinterpreters(),
          processes("fork"),
          processes("forkserver"),
          processes("spawn"),
          executor("thread_pool"),
          executor("interpreter_pool"),
          executor("process_pool")};
}

std::vector<Strategy> baseline_ways_and(const std::vector<Strategy>& others) {
  std::vector<Strategy> all = ways();
  all.insert(all.begin(), python());
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

}  // namespace harness
