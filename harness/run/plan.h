// harness/run/plan.h: which experiments a run consists of.
#pragma once

#include <optional>
#include <regex>
#include <span>
#include <string>
#include <vector>

#include "harness/run/experiment.h"
#include "harness/workloads/workload.h"

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

/// Those of `experiments` that `filter` takes, in their order, and beside each row that memory bounds the
/// rows that show what that memory allows it: on as many threads and of the same size. Those are left out
/// only where `filter` has a leading "-" and finds them. Throws UserError where `filter` takes none. Without
/// a filter: all but those on request.
std::vector<Experiment> make_plan(const std::vector<Experiment>& experiments,
                                  const std::optional<std::string>& filter);

/// Each of `workloads` with each of its strategies, in the order of the report, for each of `threads`, which
/// are
/// >= 1 and no repeats. Where `values` have images of several sizes, the rows' names tell it. `workloads`
/// must outlive what is returned.
std::vector<Experiment> workload_experiments(std::span<const Workload> workloads,
                                             const ParameterValues& values, const std::vector<int>& threads);

}  // namespace harness
