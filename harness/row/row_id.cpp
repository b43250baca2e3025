// harness/row/row_id.cpp: names of rows, and what a stored one says.
#include "harness/row/row_id.h"

#include <algorithm>

#include "harness/system/text.h"

namespace harness {

std::string RowId::name() const {
  const std::string rest = name_in_workload();
  return rest.empty() ? workload : workload + '/' + rest;
}

std::string RowId::name_in_workload() const {
  std::string name = strategy;
  for (const Label& label : labels) name += '/' + (label.key.empty() ? "" : label.key + ':') + label.value;
  return name;
}

std::string RowId::value_of(std::string_view key) const {
  const auto found = std::ranges::find(labels, key, &Label::key);
  return found == labels.end() ? "" : found->value;
}

int RowId::threads() const {
  return number_in<int>(value_of("threads")).value_or(0);
}

RowId RowId::with(std::string_view key, std::string value) const {
  RowId other = *this;
  std::ranges::find(other.labels, key, &Label::key)->value = std::move(value);
  return other;
}

RowId parse_row_id(const std::string& name) {
  RowId id;
  std::size_t begin = 0;
  for (int part = 0; begin <= name.size(); ++part) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string text = name.substr(begin, end - begin);
    begin = end + 1;
    if (part == 0) {
      id.workload = text;
    } else if (part == 1) {
      id.strategy = text;
    } else {
      const std::size_t colon = text.find(':');
      const bool bare = colon == std::string::npos;
      id.labels.push_back({bare ? "" : text.substr(0, colon), bare ? text : text.substr(colon + 1)});
    }
  }
  return id;
}

}  // namespace harness
