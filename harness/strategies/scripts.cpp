// harness/strategies/scripts.cpp: the scripts of a run, loaded on first use.
#include "harness/strategies/scripts.h"

#include <utility>

#include "harness/error.h"

namespace harness {

Scripts::Scripts(const embed::Python& python, std::filesystem::path folder, BuildExtension build_extension)
    : python_(python), folder_(std::move(folder)), build_extension_(std::move(build_extension)) {}

Scripts::~Scripts() {
  python_.attached([&] {
    for (const auto& [name, script] : loaded_) python_.api().unload(script);
  });
}

std::filesystem::path Scripts::path_of(const std::string& file, bool optional) const {
  const std::filesystem::path source = folder_ / file;
  if (!std::filesystem::exists(source)) {
    const std::string message = "--scripts: there is no " + source.string();
    if (optional) throw NotApplicable(message);
    throw ExperimentError(message);
  }
  return std::filesystem::absolute(source.extension() == ".pyx" ? build_extension_(source) : source);
}

embed::Script* Scripts::load(const std::string& file, bool optional) {
  const auto found = loaded_.find(file);
  if (found != loaded_.end()) return found->second;
  const std::filesystem::path path = path_of(file, optional);
  embed::Script* const script = python_.attached([&] { return python_.api().load(path.string()); });
  return loaded_.emplace(file, script).first->second;
}

void Scripts::require_module(const std::string& module) const {
  const auto [error, python] = python_.attached(
      [&] { return std::pair(python_.api().import_error(module), python_.api().facts().executable); });
  if (error.empty()) return;
  throw NotApplicable("it needs " + module + " (" + error + ")",
                      (python.empty() ? "python3" : python) + " -m pip install " + module);
}

}  // namespace harness
