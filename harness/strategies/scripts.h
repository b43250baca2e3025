// harness/strategies/scripts.h: the scripts of a run, loaded on first use.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "harness/embed/python.h"

namespace harness {

/// For the main thread, detached.
class Scripts {
 public:
  /// From a .pyx to the extension module that was built from it for this interpreter. Throws NotApplicable,
  /// or ExperimentError.
  using BuildExtension = std::function<std::filesystem::path(const std::filesystem::path& source)>;

  /// Those in `folder`. `python` must outlive this.
  Scripts(const embed::Python& python, std::filesystem::path folder, BuildExtension build_extension);
  ~Scripts();
  Scripts(const Scripts&) = delete;
  Scripts& operator=(const Scripts&) = delete;

  /// The absolute path of the script `file` of the folder; a .pyx is built before. Throws NotApplicable where
  /// it cannot be built here. Where there is none it throws NotApplicable if it is `optional`, for a user's
  /// own folder need not have it, else ExperimentError.
  std::filesystem::path path_of(const std::string& file, bool optional) const;

  /// That script, loaded. Kept until the end. Throws ExperimentError where it does not load, or as path_of().
  embed::Script* load(const std::string& file, bool optional);

  /// Throws NotApplicable, which says how to get it, where the interpreter cannot import `module`.
  void require_module(const std::string& module) const;

 private:
  const embed::Python& python_;
  const std::filesystem::path folder_;
  const BuildExtension build_extension_;
  std::map<std::string, embed::Script*> loaded_;
};

}  // namespace harness
