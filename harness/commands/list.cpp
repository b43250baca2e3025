// harness/commands/list.cpp: --list.
#include <algorithm>
#include <iostream>
#include <iterator>

#include "harness/commands/commands.h"
#include "harness/gil_experiments/gil_experiments.h"

namespace harness {

Vocabulary vocabulary() {
  Vocabulary vocabulary{.workloads = {}, .strategies = {}, .parameters = parameters_of(all_workloads())};
  const ParameterValues values(vocabulary.parameters);
  for (const Workload& workload : all_workloads()) {
    vocabulary.workloads.push_back(workload.name);
    for (const Strategy& strategy : workload.strategies(values)) {
      const auto known = std::ranges::find(vocabulary.strategies, strategy.name,
                                           &std::pair<std::string, std::string>::first);
      if (known == vocabulary.strategies.end())
        vocabulary.strategies.emplace_back(strategy.name, strategy.summary);
    }
  }
  return vocabulary;
}

std::vector<Experiment> planned_experiments(const Options& options) {
  std::vector<Experiment> all = workload_experiments(all_workloads(), options.values, options.threads);
  std::ranges::move(gil_experiments(options.threads, options.switch_interval_s), std::back_inserter(all));
  return make_plan(all, options.filter);
}

int list_rows(const Options& options) {
  for (const Experiment& experiment : planned_experiments(options)) {
    std::cout << experiment.name() << '\n';
  }
  return 0;
}

}  // namespace harness
