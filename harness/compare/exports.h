// harness/compare/exports.h: one interpreter's processes of a comparison as one file for other tools.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace harness {

/// Where the result of a round's process lies.
struct ProcessFile {
  int round;
  std::filesystem::path result;  ///< its result.json
};

/// Google Benchmark's JSON, as its tools/compare.py and `harness compare` read it: the context of the first
/// process, and of each row the repetitions of all processes, each with its "round", then their mean, median,
/// stddev and cv. At least one process. Throws UserError where a file cannot be read.
std::string benchmark_json_of(const std::vector<ProcessFile>& processes);

/// pyperf's JSON, version 1.0 (https://pyperf.readthedocs.io/en/latest/api.html, "JSON format"): a benchmark
/// a row, a run a process, a value a repetition, in seconds. Rows without a time are not in it. As above.
std::string pyperf_json_of(const std::vector<ProcessFile>& processes);

}  // namespace harness
