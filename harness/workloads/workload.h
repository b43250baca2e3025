// harness/workloads/workload.h: what is computed. A further workload is one file and one line of the table.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "harness/image/image.h"
#include "harness/parameters/parameter.h"
#include "harness/strategies/job.h"
#include "harness/strategies/strategy.h"

namespace harness {

/// What a job is made of.
struct JobInputs {
  const ParameterValues& values;
  // Of a workload of images; null otherwise:
  std::shared_ptr<const Image> image = {};
  /// A byte a pixel of it, which all its jobs write to: a kernel and its ceiling are compared, and memory
  /// that lies elsewhere may be faster or slower (with other sets of a cache, on pages of another size).
  std::shared_ptr<PixelBytes> gray = {};
};

struct Workload {
  std::string name;
  std::string script = {};     ///< in the folder of scripts, which python and python_threads run; "": none
  std::string item_unit = {};  ///< what one item is, in the plural; "" where items mean nothing
  bool of_image = false;       ///< its job is an image, so each size is a row of its own
  std::int64_t bytes_of_item =
      0;                      ///< what a kernel moves from and to memory for an item; 0: nothing to speak of
  bool has_reference = true;  ///< its jobs have a Job::mismatch; rows of one without say so
  std::vector<Parameter> parameters = {};
  /// In the order of the report.
  std::function<std::vector<Strategy>(const ParameterValues&)> strategies;
  std::function<Job(const JobInputs&)> make_job;
};

/// The table, in the order of the report.
std::span<const Workload> all_workloads();

// One file each.
Workload countdown();
Workload sum_of_squares();
Workload memory();  ///< the ceilings of grayscale
Workload grayscale();

/// What all of `workloads` declare, a flag once.
std::vector<Parameter> parameters_of(std::span<const Workload> workloads);

/// Decimal digits of a 128-bit integer.
std::string to_string(embed::Integer value);

}  // namespace harness
