// harness/report/row.h: one experiment's result, as every report but Google Benchmark's own reads it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace harness {

struct Row {
  std::string name;  ///< workload/strategy/threads:N, or workload/strategy/size:WxH/threads:N
  std::string workload;
  std::string strategy;
  std::string size;             ///< "1280x720"; empty where its name has none
  int threads = 0;              ///< 0 where its name has none
  std::vector<double> times_s;  ///< seconds an iteration, one value a repetition
  std::map<std::string, double>
      counters;         ///< the median over the repetitions; what was not measured is absent
  std::string error;    ///< why there is no time; empty where there is
  bool applies = true;  ///< false: `error` is nobody's failure

  bool failed() const { return !error.empty(); }
  double median_s() const;
  /// How much work an iteration was: the counter X of a row that also has X_per_second; 1 where there is
  /// none.
  double items() const;
  /// Seconds an item, by which rows are compared: not all do the whole job.
  double item_s() const { return median_s() / items(); }
  /// Sample standard deviation over mean; absent below two repetitions.
  std::optional<double> variation() const;
};

/// The workload whose rows are ceilings of others.
inline constexpr const char* kMemoryGroup = "memory";

/// What the error of a row begins with that has no meaning on this interpreter or machine: nobody's failure.
inline constexpr const char* kNotApplicable = "does not apply: ";

/// What a row's name says of `key`: "2" of "threads" in "countdown/native/threads:2"; "" where it says
/// nothing.
std::string value_of(const std::string& name, const std::string& key);

/// A row without results, with what its name says, which is a workload, a strategy, and values by their keys.
Row named_row(const std::string& name);

/// The middle of `values`, the mean of the middle two where their number is even. At least one value.
double median(std::vector<double> values);

/// Sample standard deviation over mean. At least two values.
double coefficient_of_variation(const std::vector<double>& values);

/// The row of that name, or null.
const Row* find_row(const std::vector<Row>& rows, const std::string& name);

/// The row that `row`'s speedup is relative to: python on one thread, of its workload and size. Null where
/// that did not run or failed.
const Row* baseline_of(const std::vector<Row>& rows, const Row& row);

/// What bounds a native row: the faster memory/read3_write1 of its size on as many threads. Null where that
/// did not run, and for a row that is no native one of an image.
const Row* ceiling_of(const std::vector<Row>& rows, const Row& row);

/// A counter that compares a row with another one of the run: the other's item_s() over its own.
struct Relation {
  std::string counter;
  double reference_item_s;
};

/// `speedup` and `of_ceiling`, where the other row is there. None of a failed row.
std::vector<Relation> relations_of(const std::vector<Row>& rows, const Row& row);

}  // namespace harness
