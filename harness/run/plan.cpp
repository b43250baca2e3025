// harness/run/plan.cpp: which experiments a run consists of.
#include "harness/run/plan.h"

#include <algorithm>

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

std::vector<Experiment> workload_experiments(const WorkloadRows& rows) {
  const std::vector<int>& threads = rows.threads;
  const std::vector<ImageSize>& sizes = rows.sizes;
  std::vector<Experiment> experiments;
  // A ceiling on one thread is there whatever the user's counts: serial rows need it.
  std::vector<int> ceiling_threads = threads;
  if (std::ranges::find(threads, 1) == threads.end()) ceiling_threads.insert(ceiling_threads.begin(), 1);
  const auto counts_of = [&](const Workload& workload, const Strategy& strategy) {
    if (strategy.from_user && !rows.user_kernel) return std::vector<int>{};
    if (strategy.crew == Crew::one) return std::vector{1};
    return workload.name == kMemory.name ? ceiling_threads : threads;
  };
  const auto add = [&](const Workload& workload, std::size_t image, const std::string& size) {
    for (const Strategy& strategy : strategies_of(workload)) {
      for (const int count : counts_of(workload, strategy)) {
        experiments.push_back(workload_experiment(workload, strategy, count, image, size));
      }
    }
  };
  for (const Workload& workload : all_workloads()) {
    if (!workload.of_image) add(workload, 0, "");
  }
  // Size by size: a kernel and its ceiling are compared, so they run close to each other.
  for (std::size_t image = 0; image < sizes.size(); ++image) {
    for (const Workload& workload : all_workloads()) {
      if (workload.of_image) add(workload, image, sizes.size() > 1 ? to_string(sizes[image]) : "");
    }
  }
  return experiments;
}

std::vector<Experiment> make_plan(const std::vector<Experiment>& experiments, const std::string& filter) {
  const Filter wanted(filter);
  const auto is_wanted = [&](const Experiment& experiment) { return wanted.takes(experiment.name()); };
  const auto is_ceiling = [&](const Experiment& experiment) {
    if (experiment.group != kMemory.name || wanted.negated()) return false;
    return std::ranges::any_of(experiments, [&](const Experiment& other) {
      return other.moves_bytes && other.group != kMemory.name && other.image == experiment.image &&
             other.threads == experiment.threads && is_wanted(other);
    });
  };
  std::vector<Experiment> plan;
  for (const Experiment& experiment : experiments) {
    if (is_wanted(experiment) || is_ceiling(experiment)) plan.push_back(experiment);
  }
  if (plan.empty()) {
    throw UserError("--filter=" + filter +
                    ": no experiment has such a name; --list --filter=all shows every one");
  }
  return plan;
}

}  // namespace harness
