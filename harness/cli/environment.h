// harness/cli/environment.h: what the environment says to this program.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace harness {

/// Names and values of the environment.
using Variables = std::vector<std::pair<std::string, std::string>>;

/// Every variable of the process.
Variables read_environment();

/// Whether a row may depend on the variable: OpenMP's, CPython's and glibc's allocator's, but for those that
/// change neither what Python code does nor how fast.
bool is_measured(const std::string& name);

/// What the variable, such as PYTHON_GIL, asks for: "0" or "1"; nothing where it says neither.
std::optional<bool> asked_by(const char* variable);

/// The Python that is to draw pages, which HARNESS_REPORT_PYTHON names; empty where it does not.
std::string report_python();

/// As the XDG Base Directory Specification has it; empty where the environment names no absolute folder.
std::filesystem::path cache_folder();

}  // namespace harness
