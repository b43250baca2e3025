// harness/run/plan.cpp: which experiments a run consists of.
#include "harness/run/plan.h"

#include <algorithm>

#include "harness/error.h"
#include "harness/run/workload_experiment.h"
#include "harness/workloads/image_parameters.h"

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

/// Whether its rows show what memory allows to others.
bool shows_limit(const Traits& traits) {
  return traits.memory == Memory::limit || traits.memory == Memory::ceiling;
}

/// The thread counts of the strategy's rows, of those that the user wants.
std::vector<int> counts_of(const Strategy& strategy, std::vector<int> threads) {
  if (strategy.threads == Threads::one || strategy.threads == Threads::caller) return {1};
  // A ceiling on one thread is there whatever the user's counts: serial rows need it.
  if (shows_limit(strategy.traits) && std::ranges::find(threads, 1) == threads.end()) {
    threads.insert(threads.begin(), 1);
  }
  return threads;
}

}  // namespace

Filter::Filter(const std::string& text)
    : regex_(parse(text.starts_with('-') ? text.substr(1) : text, text)), negated_(text.starts_with('-')) {}

bool Filter::takes(const std::string& name) const {
  return std::regex_search(name, regex_) != negated_;
}

std::vector<Experiment> workload_experiments(std::span<const Workload> workloads,
                                             const ParameterValues& values, const std::vector<int>& threads) {
  std::vector<Experiment> experiments;
  const auto add = [&](const Workload& workload, std::size_t image, const std::string& size) {
    for (const Strategy& strategy : workload.strategies(values)) {
      if (!strategy.planned) continue;
      for (const int count : counts_of(strategy, threads)) {
        experiments.push_back(workload_experiment(workload, strategy, count, image, size));
      }
    }
  };
  for (const Workload& workload : workloads) {
    if (!workload.of_image) add(workload, 0, "");
  }
  if (std::ranges::none_of(workloads, &Workload::of_image)) return experiments;
  // Size by size: a kernel and its ceiling are compared, so they run close to each other.
  const std::vector<ImageSize> sizes = image_choice(values).sizes;
  for (std::size_t image = 0; image < sizes.size(); ++image) {
    for (const Workload& workload : workloads) {
      if (workload.of_image) add(workload, image, sizes.size() > 1 ? to_string(sizes[image]) : "");
    }
  }
  return experiments;
}

std::vector<Experiment> make_plan(const std::vector<Experiment>& experiments,
                                  const std::optional<std::string>& filter) {
  const std::optional<Filter> wanted = filter ? std::optional<Filter>(*filter) : std::nullopt;
  const auto is_wanted = [&](const Experiment& experiment) {
    return wanted ? wanted->takes(experiment.name()) : !experiment.on_request;
  };
  const auto is_limit_of_wanted = [&](const Experiment& experiment) {
    if (!shows_limit(experiment.traits) || !wanted || wanted->negated()) return false;
    return std::ranges::any_of(experiments, [&](const Experiment& other) {
      return other.traits.memory == Memory::bound && other.traits.memory_of == experiment.traits.memory_of &&
             other.image == experiment.image && other.threads == experiment.threads && is_wanted(other);
    });
  };
  std::vector<Experiment> plan;
  for (const Experiment& experiment : experiments) {
    if (is_wanted(experiment) || is_limit_of_wanted(experiment)) plan.push_back(experiment);
  }
  if (filter && plan.empty()) {
    throw UserError("--filter=" + *filter +
                    ": no experiment has such a name; --list --filter=all shows every one");
  }
  return plan;
}

}  // namespace harness
