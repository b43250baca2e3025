// harness/run/plan.h: which experiments a run consists of.
#pragma once

#include <regex>
#include <string>
#include <vector>

#include "harness/run/experiment.h"

namespace harness {

/// Google Benchmark's filter: a POSIX extended regular expression searched for in a row's name; a leading "-"
/// takes the rows in which it is not found; "all" and "" take every row.
class Filter {
 public:
  /// Throws UserError where `text` is no regular expression.
  explicit Filter(const std::string& text);
  bool takes(const std::string& name) const;

 private:
  std::regex regex_;
  bool negated_;
};

/// Those of `experiments` that `filter` takes, in their order. Throws UserError where there is none.
std::vector<Experiment> make_plan(const std::vector<Experiment>& experiments, const std::string& filter);

/// Each workload with each of its strategies, for each of `threads` (each >= 1, no repeats).
std::vector<Experiment> workload_experiments(const std::vector<int>& threads);

}  // namespace harness
