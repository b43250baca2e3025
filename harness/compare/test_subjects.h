// harness/compare/test_subjects.h: processes for the tests of the comparison, without running any.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/compare/comparison.h"
#include "harness/row/test_rows.h"

namespace harness {

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
