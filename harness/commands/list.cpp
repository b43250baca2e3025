// harness/commands/list.cpp: --list.
#include <algorithm>
#include <iostream>
#include <iterator>
#include <utility>

#include "harness/commands/chosen_interpreter.h"
#include "harness/commands/commands.h"
#include "harness/compare/order.h"
#include "harness/gil_experiments/gil_experiments.h"
#include "harness/run/plan.h"
#include "harness/start_experiments/start_experiments.h"
#include "harness/workloads/workload.h"

namespace harness {

std::vector<Experiment> planned_experiments(const Options& options, std::span<const Workload> users) {
  const auto rows_of = [&](std::span<const Workload> workloads) {
    return workload_experiments(workloads, options.values, options.threads);
  };
  std::vector<Experiment> all = rows_of(users);
  const bool users_only = !options.filter && !users.empty();
  if (!users_only) {
    std::ranges::move(rows_of(all_workloads()), std::back_inserter(all));
    std::ranges::move(gil_experiments(options.threads, options.switch_interval_s), std::back_inserter(all));
    std::ranges::move(start_experiments(options.threads), std::back_inserter(all));
  }
  std::vector<Experiment> plan = make_plan(all, options.filter);
  if (!options.shuffle_seed) return plan;
  std::vector<Experiment> shuffled;
  for (const std::size_t row : order_of_round(*options.shuffle_seed, 1, plan.size())) {
    shuffled.push_back(std::move(plan[row]));
  }
  return shuffled;
}

int list_rows(const Request& request) {
  const Options& options = request.options;
  const auto print = [&](std::span<const Workload> users) {
    for (const Experiment& experiment : planned_experiments(options, users)) {
      std::cout << experiment.name() << '\n';
    }
    return 0;
  };
  if (options.workloads.empty()) return print({});
  const Chosen chosen = choose_interpreter(request);
  const embed::Python python = start(chosen, request);
  return print(UsersFiles(python, options).workloads());
}

}  // namespace harness
