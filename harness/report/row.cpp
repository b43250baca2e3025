// harness/report/row.cpp: one experiment's result, as every report but Google Benchmark's own reads it.
#include "harness/report/row.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "harness/system/text.h"

namespace harness {

std::string value_of(const std::string& name, const std::string& key) {
  const std::string before = "/" + key + ":";
  const std::size_t found = name.find(before);
  if (found == std::string::npos) return "";
  const std::size_t begin = found + before.size();
  return name.substr(begin, name.find('/', begin) - begin);
}

double Row::items() const {
  constexpr std::string_view kRate = "_per_second";
  for (const auto& [counter, value] : counters) {
    if (!counter.ends_with(kRate)) continue;
    const auto work = counters.find(counter.substr(0, counter.size() - kRate.size()));
    if (work != counters.end()) return work->second;
  }
  return 1;
}

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
  row.threads = number_in<int>(value_of(name, "threads")).value_or(0);
  row.size = value_of(name, "size");
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

const Row* baseline_of(const std::vector<Row>& rows, const Row& row) {
  const auto found = std::ranges::find_if(rows, [&](const Row& other) {
    return other.workload == row.workload && other.size == row.size && other.strategy == "python" &&
           other.threads == 1 && !other.failed();
  });
  return found == rows.end() ? nullptr : &*found;
}

const Row* ceiling_of(const std::vector<Row>& rows, const Row& row) {
  if (row.workload == kMemoryGroup || !row.counters.contains("bytes_per_second")) return nullptr;
  const Row* best = nullptr;
  for (const Row& other : rows) {
    if (other.workload != kMemoryGroup || other.strategy != "read3_write1" || other.failed()) continue;
    if (other.size != row.size || other.threads != row.threads) continue;
    if (best == nullptr || other.item_s() < best->item_s()) best = &other;
  }
  return best;
}

std::vector<Relation> relations_of(const std::vector<Row>& rows, const Row& row) {
  std::vector<Relation> relations;
  if (row.failed()) return relations;
  if (const Row* const baseline = baseline_of(rows, row)) {
    relations.push_back({"speedup", baseline->item_s()});
  }
  if (const Row* const ceiling = ceiling_of(rows, row)) {
    relations.push_back({"of_ceiling", ceiling->item_s()});
  }
  return relations;
}

}  // namespace harness
