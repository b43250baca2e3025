// harness/interpreter/find.cpp: asks every candidate what it is and keeps each interpreter once.
#include "harness/interpreter/find.h"

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

#include "harness/interpreter/version.h"

namespace harness {
namespace {

std::vector<std::filesystem::path> distinct_executables(const SearchPaths& paths) {
  std::vector<std::filesystem::path> executables;
  std::set<std::filesystem::path> seen;
  for (const auto& candidates : {path_candidates(paths), version_folder_candidates(paths.pyenv_versions, ""),
                                 version_folder_candidates(paths.uv_pythons, "cpython-")}) {
    for (const Candidate& candidate : candidates) {
      if (seen.insert(identity_of(candidate.file)).second) executables.push_back(candidate.file);
    }
  }
  return executables;
}

std::vector<Interpreter> probe_all(const std::vector<std::filesystem::path>& executables,
                                   std::chrono::milliseconds timeout) {
  std::vector<Probe> probes(executables.begin(), executables.end());
  std::vector<Interpreter> interpreters;
  interpreters.reserve(probes.size());
  for (Probe& probe : probes) interpreters.push_back(probe.finish(timeout));
  return interpreters;
}

std::filesystem::path real_path(const std::filesystem::path& file) {
  std::error_code error;
  return file.empty() ? file : std::filesystem::weakly_canonical(file, error);
}

// Two interpreters are one when they run the same code and find the same modules.
using InterpreterKey = std::pair<std::filesystem::path, std::string>;

InterpreterKey key_of(const Interpreter& interpreter) {
  const bool is_static = interpreter.libpython.empty();
  return {is_static ? identity_of(interpreter.executable) : real_path(interpreter.libpython),
          interpreter.prefix};
}

// Those libpythons that no executable found so far uses.
void add_bare_libpythons(const SearchPaths& paths, std::chrono::milliseconds timeout,
                         std::vector<Interpreter>& interpreters) {
  std::set<std::filesystem::path> used;
  for (const Interpreter& interpreter : interpreters) used.insert(real_path(interpreter.libpython));
  for (const Candidate& candidate : libpython_candidates(paths)) {
    if (used.insert(real_path(candidate.file)).second) {
      interpreters.push_back(probe_libpython(candidate.file, timeout));
    }
  }
}

}  // namespace

std::vector<Interpreter> find_interpreters(const SearchPaths& paths, std::chrono::milliseconds timeout) {
  std::vector<Interpreter> interpreters = probe_all(distinct_executables(paths), timeout);
  add_bare_libpythons(paths, timeout, interpreters);
  std::set<InterpreterKey> seen;
  std::erase_if(interpreters,
                [&](const Interpreter& interpreter) { return !seen.insert(key_of(interpreter)).second; });
  std::stable_sort(interpreters.begin(), interpreters.end(),
                   [](const Interpreter& a, const Interpreter& b) { return version_of(a) < version_of(b); });
  return interpreters;
}

}  // namespace harness
