// harness/run/plan.h: which experiments a run consists of.
#pragma once

#include <regex>
#include <string>
#include <vector>

#include "harness/image/image.h"
#include "harness/run/experiment.h"

namespace harness {

/// Google Benchmark's filter: a POSIX extended regular expression searched for in a row's name; a leading "-"
/// takes the rows in which it is not found; "all" and "" take every row.
class Filter {
 public:
  /// Throws UserError where `text` is no regular expression.
  explicit Filter(const std::string& text);
  bool takes(const std::string& name) const;
  bool negated() const { return negated_; }

 private:
  std::regex regex_;
  bool negated_;
};

/// Those of `experiments` that `filter` takes, in their order, and beside each native row of grayscale the
/// rows of memory on as many threads and of the same size: what the machine allows it. Those are left out
/// only where `filter` has a leading "-" and finds them. Throws UserError where there is none.
std::vector<Experiment> make_plan(const std::vector<Experiment>& experiments, const std::string& filter);

/// What the rows of workloads are made for.
struct WorkloadRows {
  std::vector<int> threads;  ///< each >= 1, no repeats
  std::vector<ImageSize>
      sizes;                 ///< of images; one at least. Where there are several, the rows' names tell it
  bool user_kernel = false;  ///< whether the user names one
};

/// Each workload with each of its strategies, in the order of the report.
std::vector<Experiment> workload_experiments(const WorkloadRows& rows);

}  // namespace harness
