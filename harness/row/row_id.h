// harness/row/row_id.h: what a row is: the workload, the strategy, and what tells it from their other rows.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace harness {

/// One part of a row's name: "threads:2" is {"threads", "2"}; a bare word has no key.
struct Label {
  std::string key;
  std::string value;

  bool operator==(const Label&) const = default;
  bool operator<(const Label& other) const { return std::tie(key, value) < std::tie(other.key, other.value); }
};

/// The identity of a row, carried from the plan to every report. Its name is for people and for files.
struct RowId {
  std::string workload;  ///< or the group of rows that belong to no workload: "gil"
  std::string strategy;
  std::vector<Label> labels;  ///< in the order of the name, no key twice

  /// "countdown/python_threads/threads:2"
  std::string name() const;
  /// The name without its workload.
  std::string name_in_workload() const;

  /// The value of `key`; "" where the row has no such label.
  std::string value_of(std::string_view key) const;
  /// 0 where the row has no label "threads".
  int threads() const;
  /// "1280x720"; "" where the row has no label "size".
  std::string size() const { return value_of("size"); }

  /// The same row with another value of `key`, which it has.
  RowId with(std::string_view key, std::string value) const;

  bool operator==(const RowId&) const = default;
  bool operator<(const RowId& other) const {
    return std::tie(workload, strategy, labels) < std::tie(other.workload, other.strategy, other.labels);
  }
};

/// The identity that a stored row's name says. Rows of this program never come from their names.
RowId parse_row_id(const std::string& name);

}  // namespace harness
