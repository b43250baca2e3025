// harness/testing/pythons.cpp: reads HARNESS_TEST_PYTHONS.
#include "harness/testing/pythons.h"

#include <cstdlib>
#include <sstream>
#include <string>

#include "harness/error.h"
#include "harness/interpreter/libpython.h"
#include "harness/interpreter/resolve.h"

namespace harness {

std::vector<Interpreter> named_pythons() {
  const char* const variable = std::getenv("HARNESS_TEST_PYTHONS");
  std::istringstream specs(variable == nullptr ? "" : variable);
  const SearchPaths paths = SearchPaths::from_environment(HARNESS_DEFAULT_LIBPYTHON);
  std::vector<Interpreter> named;
  for (std::string spec; std::getline(specs, spec, ':');) {
    if (spec.empty()) continue;
    if (std::filesystem::is_directory(spec)) spec += "/bin/python3";
    try {
      named.push_back(resolve_interpreter(spec, paths));
    } catch (const UserError& error) {
      throw UserError("HARNESS_TEST_PYTHONS: " + std::string(error.what()));
    }
    if (named.back().executable.empty()) {
      throw UserError("HARNESS_TEST_PYTHONS: no executable belongs to " + spec);
    }
  }
  return named;
}

std::vector<Interpreter> hosted_pythons() {
  std::vector<Interpreter> hosted{identify_libpython(HARNESS_DEFAULT_LIBPYTHON)};
  for (const Interpreter& python : named_pythons()) {
    if (!python.libpython.empty()) hosted.push_back(python);
  }
  return hosted;
}

SearchPaths test_search_paths() {
  SearchPaths paths = SearchPaths::from_environment("");
  std::vector<std::filesystem::path> folders;
  for (const Interpreter& python : named_pythons()) folders.push_back(python.executable.parent_path());
  paths.path_folders.insert(paths.path_folders.begin(), folders.begin(), folders.end());
  return paths;
}

}  // namespace harness
