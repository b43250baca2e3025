// harness/run/plan.cpp: which experiments a run consists of.
#include "harness/run/plan.h"

#include "harness/error.h"
#include "harness/run/workload_experiment.h"

namespace harness {
namespace {

std::regex parse(const std::string& pattern, const std::string& shown) {
  try {
    return std::regex(pattern == "all" ? "" : pattern, std::regex::extended | std::regex::nosubs);
  } catch (const std::regex_error& error) {
    throw UserError("--filter=" + shown + ": not a regular expression (" + error.what() +
                    "); try for instance --filter=grayscale or --filter='python|openmp'");
  }
}

}  // namespace

Filter::Filter(const std::string& text)
    : regex_(parse(text.starts_with('-') ? text.substr(1) : text, text)), negated_(text.starts_with('-')) {}

bool Filter::takes(const std::string& name) const {
  return std::regex_search(name, regex_) != negated_;
}

std::vector<Experiment> workload_experiments(const std::vector<int>& threads) {
  std::vector<Experiment> experiments;
  for (const Workload& workload : all_workloads()) {
    for (const Strategy& strategy : strategies_of(workload)) {
      for (const int count : strategy.crew == Crew::one ? std::vector{1} : threads) {
        experiments.push_back(workload_experiment(workload, strategy, count));
      }
    }
  }
  return experiments;
}

std::vector<Experiment> make_plan(const std::vector<Experiment>& experiments, const std::string& filter) {
  const Filter wanted(filter);
  std::vector<Experiment> plan;
  for (const Experiment& experiment : experiments) {
    if (wanted.takes(experiment.name())) plan.push_back(experiment);
  }
  if (plan.empty()) {
    throw UserError("--filter=" + filter +
                    ": no experiment has such a name; --list --filter=all shows every one");
  }
  return plan;
}

}  // namespace harness
