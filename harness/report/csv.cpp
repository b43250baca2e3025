// harness/report/csv.cpp: the rows as comma-separated values.
#include "harness/report/csv.h"

#include <array>
#include <charconv>
#include <set>

namespace harness {

std::string to_csv(const std::vector<Row>& rows) {
  std::set<std::string> counters;
  for (const Row& row : rows) {
    for (const auto& [name, value] : row.counters) counters.insert(name);
  }
  std::string csv = "name,workload,strategy,size,threads,repetitions,median_s,cv";
  for (const std::string& name : counters) csv += ',' + name;
  csv += ",error\n";
  for (const Row& row : rows) {
    const auto variation = row.variation();
    csv += csv_quoted(row.name()) + ',' + csv_quoted(row.id.workload) + ',' + csv_quoted(row.id.strategy) +
           ',' + row.id.size() + ',' + std::to_string(row.id.threads()) + ',' +
           std::to_string(row.times_s.size()) + ',' +
           (row.times_s.empty() ? "" : csv_number(row.median_s())) + ',' +
           (variation ? csv_number(*variation) : "");
    for (const std::string& name : counters) {
      const auto found = row.counters.find(name);
      csv += ',' + (found == row.counters.end() ? "" : csv_number(found->second));
    }
    csv += ',' + csv_quoted(stored_message(row.outcome, row.reason)) + '\n';
  }
  return csv;
}

std::string csv_quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + '"';
}

std::string csv_number(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

}  // namespace harness
