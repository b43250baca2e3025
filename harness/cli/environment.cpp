// harness/cli/environment.cpp: reads variables of the process.
#include "harness/cli/environment.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

namespace harness {
namespace {

/// Variables that CPython reads and that change neither what Python code does nor how fast.
constexpr std::array kNotMeasured{"PYTHONDONTWRITEBYTECODE", "PYTHONIOENCODING", "PYTHONSTARTUP",
                                  "PYTHONPYCACHEPREFIX",     "PYTHONUNBUFFERED", "PYTHON_BASIC_REPL",
                                  "PYTHON_COLORS",           "PYTHON_HISTORY"};

/// What variables begin with that OpenMP, CPython and glibc (its allocator, its loader) read themselves.
constexpr std::array kMeasured{"OMP_", "GOMP_", "PYTHON", "GLIBC_TUNABLES", "MALLOC_", "LD_PRELOAD"};

}  // namespace

Variables read_environment() {
  Variables variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos)
      variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

bool is_measured(const std::string& name) {
  return std::ranges::find(kNotMeasured, name) == kNotMeasured.end() &&
         std::ranges::any_of(kMeasured, [&](const char* begin) { return name.starts_with(begin); });
}

std::optional<bool> asked_by(const char* variable) {
  const char* const value = std::getenv(variable);
  if (value == nullptr || (std::string_view(value) != "0" && std::string_view(value) != "1"))
    return std::nullopt;
  return *value == '1';
}

std::string report_python() {
  const char* const python = std::getenv("HARNESS_REPORT_PYTHON");
  return python == nullptr ? "" : python;
}

std::filesystem::path cache_folder() {
  const auto absolute = [](const char* variable, const char* below) -> std::filesystem::path {
    const char* const folder = std::getenv(variable);
    if (folder == nullptr || *folder != '/') return {};
    return std::filesystem::path(folder) / below;
  };
  const std::filesystem::path cache = absolute("XDG_CACHE_HOME", "harness");
  return cache.empty() ? absolute("HOME", ".cache/harness") : cache;
}

}  // namespace harness
