// harness/cli/python_spec.h: what a user writes as --python: an interpreter, its label and its environment.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace harness {

/// [LABEL=]SPEC[,NAME=VALUE...], taken apart.
struct PythonSpec {
  std::string text;   ///< as given
  std::string label;  ///< as given, else one made of `spec`; "default" where there is no `spec`
  std::string spec;   ///< a path, a version or a command, as resolve_interpreter() takes it; may be empty
  std::vector<std::pair<std::string, std::string>> environment;  ///< variables for its processes alone

  bool operator==(const PythonSpec&) const = default;
};

/// A label is of letters, digits and "._+-", so that it can name a file; what stands before the first "=" is
/// one unless it has a "/". A comma that separates nothing is written "\,". Throws UserError.
PythonSpec parse_python_spec(const std::string& text);

/// `path` as a SPEC: with its commas as "\,".
std::string spec_of_path(const std::string& path);

/// Several of them. Throws UserError where two have the same label, or there are more than kMaxPythons.
std::vector<PythonSpec> parse_python_specs(const std::vector<std::string>& texts);

/// More columns than that nobody reads, and each takes a process a round.
inline constexpr std::size_t kMaxPythons = 32;

}  // namespace harness
