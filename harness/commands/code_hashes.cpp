// harness/commands/code_hashes.cpp: which code of the user's a run executes.
#include "harness/commands/code_hashes.h"

#include <map>
#include <string>
#include <system_error>

#include "harness/system/sha256.h"

namespace harness {

ContextEntries hashes_of_code(const std::vector<Experiment>& plan, const std::filesystem::path& scripts) {
  std::map<std::string, std::filesystem::path> files;  // by key
  for (const Experiment& experiment : plan) {
    if (!experiment.script.empty()) {
      const std::filesystem::path script = scripts / experiment.script;  // a user's own is absolute
      files["script_sha256_" + script.filename().string()] = script;
    }
    if (!experiment.library.empty()) files["kernel_sha256"] = experiment.library;
  }
  ContextEntries hashes;
  for (const auto& [key, file] : files) {
    try {
      if (is_regular_file(file)) hashes.emplace_back(key, sha256_of_file(file));
    } catch (const std::system_error&) {
    }
  }
  return hashes;
}

}  // namespace harness
