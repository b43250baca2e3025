// harness/commands/known_rows.cpp: what the program knows of its own rows, for those that it reads by name.
#include "harness/commands/known_rows.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "harness/gil_experiments/gil_experiments.h"
#include "harness/run/plan.h"
#include "harness/start_experiments/start_experiments.h"
#include "harness/strategies/ways.h"
#include "harness/workloads/workload.h"

namespace harness {
namespace {

using Kind = std::tuple<std::string, std::string, std::vector<Label>>;

/// A row without the labels of which it has its traits alike.
Kind kind_of(const RowId& id) {
  std::vector<Label> labels;
  std::ranges::copy_if(id.labels, std::back_inserter(labels),
                       [](const Label& label) { return label.key != "size" && label.key != "threads"; });
  return {id.workload, id.strategy, std::move(labels)};
}

/// All rows, but those on further threads.
std::vector<Experiment> make_known_experiments() {
  const std::vector<int> threads{1, 2};
  std::vector<Experiment> experiments =
      workload_experiments(all_workloads(), ParameterValues(parameters_of(all_workloads())), threads);
  std::ranges::move(gil_experiments(threads, std::nullopt), std::back_inserter(experiments));
  std::ranges::move(start_experiments(threads), std::back_inserter(experiments));
  return experiments;
}

const std::vector<Experiment>& known_experiments() {
  static const std::vector<Experiment> kKnown = make_known_experiments();
  return kKnown;
}

std::map<Kind, Traits> known_traits() {
  std::map<Kind, Traits> known;
  for (const Experiment& experiment : known_experiments()) known[kind_of(experiment.id)] = experiment.traits;
  return known;
}

bool is_users_on_request(const std::string& strategy) {
  static const std::vector<Strategy> kWays = ways(Benchmark{});
  const auto found = std::ranges::find(kWays, strategy, &Strategy::name);
  return found != kWays.end() && found->on_request;
}

}  // namespace

std::optional<Traits> traits_of_known_row(const RowId& id) {
  static const std::map<Kind, Traits> kKnown = known_traits();
  const auto found = kKnown.find(kind_of(id));
  return found == kKnown.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> names_on_request() {
  const std::vector<Experiment>& experiments = known_experiments();
  std::set<std::string> usual;  // workloads of which some rows run
  for (const Experiment& experiment : experiments) {
    if (!experiment.on_request) usual.insert(experiment.id.workload);
  }
  std::vector<std::string> names;
  for (const Experiment& experiment : experiments) {
    if (!experiment.on_request) continue;
    const RowId& id = experiment.id;
    const std::string& name = usual.contains(id.workload) ? id.strategy : id.workload;
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  return names;
}

bool is_on_request(const RowId& id) {
  const auto found = std::ranges::find_if(known_experiments(), [&](const Experiment& experiment) {
    return experiment.id.workload == id.workload && experiment.id.strategy == id.strategy;
  });
  return found == known_experiments().end() ? is_users_on_request(id.strategy) : found->on_request;
}

}  // namespace harness
