// harness/compare/test_subjects.h: processes for the tests of the comparison, without running any.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/compare/comparison.h"

namespace harness {

inline Row timed_row(const std::string& name, double time_s) {
  Row row = named_row(name);
  row.times_s = {time_s};
  return row;
}

inline Row failed_row(const std::string& name, const std::string& error) {
  Row row = named_row(name);
  row.error = error;
  row.applies = !error.starts_with(kNotApplicable);
  return row;
}

/// A subject with one row, `name`; one process, from round 1 on, for each of `times_s`.
inline Subject subject_of(const std::string& label, const std::vector<double>& times_s,
                          const std::string& name = "countdown/python/threads:1") {
  Subject subject{.label = label, .processes = {}};
  for (const double time_s : times_s) {
    subject.processes.push_back({.round = static_cast<int>(subject.processes.size()) + 1,
                                 .failure = {},
                                 .rows = {timed_row(name, time_s)}});
  }
  return subject;
}

}  // namespace harness
