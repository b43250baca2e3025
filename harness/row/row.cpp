// harness/row/row.cpp: one experiment's result.
#include "harness/row/row.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace harness {

std::optional<double> Row::counter(const std::string& counter_name) const {
  const auto found = counters.find(counter_name);
  return found == counters.end() ? std::nullopt : std::optional(found->second);
}

double Row::median_s() const {
  return median(times_s);
}

double Row::items() const {
  return counter(traits.item_unit).value_or(1);
}

std::optional<double> Row::variation() const {
  if (times_s.size() < 2) return std::nullopt;
  return coefficient_of_variation(times_s);
}

Row stored_row(const std::string& name) {
  Row row;
  row.id = parse_row_id(name);
  row.traits = traits_of_name(row.id.strategy);
  return row;
}

void add_remarks(Row& row, std::string_view label) {
  while (!label.empty()) {
    const std::size_t end = std::min(label.find(kBetweenRemarks), label.size());
    const std::string remark(label.substr(0, end));
    if (std::ranges::find(row.remarks, remark) == row.remarks.end()) row.remarks.push_back(remark);
    label.remove_prefix(std::min(end + kBetweenRemarks.size(), label.size()));
  }
}

void find_item_unit(Row& row) {
  constexpr std::string_view kRate = "_per_second";
  for (const auto& [counter, value] : row.counters) {
    if (!counter.ends_with(kRate)) continue;
    const std::string unit = counter.substr(0, counter.size() - kRate.size());
    if (row.counters.contains(unit)) row.traits.item_unit = unit;
  }
}

const Row* find_row(const std::vector<Row>& rows, const RowId& id) {
  const auto found = std::ranges::find(rows, id, &Row::id);
  return found == rows.end() ? nullptr : &*found;
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

}  // namespace harness
