// harness/commands/list.cpp: --list.
#include <algorithm>
#include <iostream>
#include <iterator>
#include <utility>

#include "harness/commands/commands.h"
#include "harness/compare/order.h"
#include "harness/gil_experiments/gil_experiments.h"
#include "harness/run/plan.h"
#include "harness/workloads/workload.h"

namespace harness {

std::vector<Experiment> planned_experiments(const Options& options) {
  std::vector<Experiment> all = workload_experiments(all_workloads(), options.values, options.threads);
  std::ranges::move(gil_experiments(options.threads, options.switch_interval_s), std::back_inserter(all));
  std::vector<Experiment> plan = make_plan(all, options.filter);
  if (!options.shuffle_seed) return plan;
  std::vector<Experiment> shuffled;
  for (const std::size_t row : order_of_round(*options.shuffle_seed, 1, plan.size())) {
    shuffled.push_back(std::move(plan[row]));
  }
  return shuffled;
}

int list_rows(const Request& request) {
  for (const Experiment& experiment : planned_experiments(request.options)) {
    std::cout << experiment.name() << '\n';
  }
  return 0;
}

}  // namespace harness
