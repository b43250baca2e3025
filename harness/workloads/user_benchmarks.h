// harness/workloads/user_benchmarks.h: the user's own files of benchmarks, as workloads.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "harness/embed/python.h"
#include "harness/workloads/workload.h"

namespace harness {

/// How the rows of a file's benchmark are called: STEM.NAME of bench_NAME(), STEM of a file with run(begin,
/// end), whose name is "".
std::string user_workload_name(const std::filesystem::path& file, const std::string& benchmark);

/// Whether a workload of that name is one of the file's, as far as names say: one of "a.b.py" may as well be
/// one of "a.py".
bool is_user_workload_of(const std::filesystem::path& file, const std::string& workload);

/// Imports each file, whose code may do anything, and makes a workload of each thing that it measures.
/// `importing` is told of each file before. By the main thread, detached; `python` must outlive what is
/// returned. A traceback goes to standard error. Throws UserError where a file cannot be used.
std::vector<Workload> user_workloads(const embed::Python& python,
                                     std::span<const std::filesystem::path> files,
                                     const std::function<void(const std::filesystem::path&)>& importing);

}  // namespace harness
