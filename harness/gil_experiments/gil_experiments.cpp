// harness/gil_experiments/gil_experiments.cpp: the table of the GIL's own experiments.
#include "harness/gil_experiments/gil_experiments.h"

namespace harness {
namespace {

// CPython's default, a tenth and a hundredth of it.
constexpr double kIntervals_s[] = {0.005, 0.0005, 0.00005};

}  // namespace

std::vector<Experiment> gil_experiments(const std::vector<int>& threads,
                                        std::optional<double> switch_interval_s) {
  std::vector<Experiment> experiments;
  for (const int spinners : {0, 1, 2, 4}) experiments.push_back(detach_attach(spinners));
  experiments.push_back(ensure_release(0, ProcessState::fresh));
  experiments.push_back(ensure_release(0, ProcessState::after_a_thread_ended));
  for (const int spinners : {1, 2, 4}) experiments.push_back(ensure_release(spinners, ProcessState::fresh));
  for (const int count : threads) {
    if (count > 1) experiments.push_back(handoff(count));
  }
  const std::vector<double> intervals_s = switch_interval_s
                                              ? std::vector{*switch_interval_s}
                                              : std::vector(std::begin(kIntervals_s), std::end(kIntervals_s));
  for (const int spinners : {1, 2, 4}) {
    for (const double interval_s : intervals_s) experiments.push_back(convoy(spinners, interval_s));
  }
  experiments.push_back(overlap(true));
  experiments.push_back(overlap(false));
  for (Experiment& experiment : experiments) experiment.on_request = true;
  return experiments;
}

}  // namespace harness
