// harness/commands/list.cpp: --list.
#include <algorithm>
#include <iostream>
#include <iterator>

#include "harness/commands/commands.h"
#include "harness/gil_experiments/gil_experiments.h"
#include "harness/run/plan.h"
#include "harness/workloads/workload.h"

namespace harness {

std::vector<Experiment> planned_experiments(const Options& options) {
  std::vector<Experiment> all = workload_experiments(all_workloads(), options.values, options.threads);
  std::ranges::move(gil_experiments(options.threads, options.switch_interval_s), std::back_inserter(all));
  return make_plan(all, options.filter);
}

int list_rows(const Request& request) {
  for (const Experiment& experiment : planned_experiments(request.options)) {
    std::cout << experiment.name() << '\n';
  }
  return 0;
}

}  // namespace harness
