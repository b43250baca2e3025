// harness/report/row.cpp: one experiment's result, as every report but Google Benchmark's own reads it.
#include "harness/report/row.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "harness/system/text.h"

namespace harness {

double Row::median_s() const {
  return median(times_s);
}

std::optional<double> Row::variation() const {
  if (times_s.size() < 2) return std::nullopt;
  return coefficient_of_variation(times_s);
}

Row named_row(const std::string& name) {
  Row row;
  row.name = name;
  const std::size_t first = name.find('/');
  const std::size_t second = name.find('/', first + 1);
  row.workload = name.substr(0, first);
  if (first != std::string::npos) row.strategy = name.substr(first + 1, second - first - 1);
  const std::size_t threads = name.find("threads:");
  if (threads != std::string::npos) row.threads = number_in<int>(name.substr(threads + 8)).value_or(0);
  return row;
}

double median(std::vector<double> values) {
  const std::size_t middle = values.size() / 2;
  std::ranges::sort(values);
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double coefficient_of_variation(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / (count - 1)) / mean;
}

const Row* find_row(const std::vector<Row>& rows, const std::string& name) {
  const auto found = std::ranges::find(rows, name, &Row::name);
  return found == rows.end() ? nullptr : &*found;
}

const Row* baseline_of(const std::vector<Row>& rows, const std::string& workload) {
  const Row* const row = find_row(rows, workload + "/python/threads:1");
  return row == nullptr || row->failed() ? nullptr : row;
}

}  // namespace harness
