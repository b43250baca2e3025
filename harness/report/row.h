// harness/report/row.h: one experiment's result, as every report but Google Benchmark's own reads it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace harness {

struct Row {
  std::string name;  ///< workload/strategy/threads:N
  std::string workload;
  std::string strategy;
  int threads = 0;              ///< 0 where its name has none
  std::vector<double> times_s;  ///< seconds an iteration, one value a repetition
  std::map<std::string, double>
      counters;         ///< the median over the repetitions; what was not measured is absent
  std::string error;    ///< why there is no time; empty where there is
  bool applies = true;  ///< false: `error` is nobody's failure

  bool failed() const { return !error.empty(); }
  double median_s() const;
  /// Sample standard deviation over mean; absent below two repetitions.
  std::optional<double> variation() const;
};

/// What the error of a row begins with that has no meaning on this interpreter or machine: nobody's failure.
inline constexpr const char* kNotApplicable = "does not apply: ";

/// A row without results, with what its name says: workload/strategy/threads:N.
Row named_row(const std::string& name);

/// The middle of `values`, the mean of the middle two where their number is even. At least one value.
double median(std::vector<double> values);

/// Sample standard deviation over mean. At least two values.
double coefficient_of_variation(const std::vector<double>& values);

/// The row of that name, or null.
const Row* find_row(const std::vector<Row>& rows, const std::string& name);

/// The row that `speedup` is relative to: `workload`/python/threads:1. Null where it did not run or failed.
const Row* baseline_of(const std::vector<Row>& rows, const std::string& workload);

}  // namespace harness
