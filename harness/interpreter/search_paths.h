// harness/interpreter/search_paths.h: where interpreters are looked for, and the candidates that lie there.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/interpreter/version.h"

namespace harness {

/// Where interpreters are looked for. A folder that does not exist holds nothing.
struct SearchPaths {
  std::vector<std::filesystem::path> path_folders = {};  ///< $PATH
  std::filesystem::path pyenv_versions = {};  ///< one folder an interpreter, named "3.13.0", "3.13.5t"
  std::filesystem::path uv_pythons = {};      ///< likewise, named "cpython-3.13.5-linux-x86_64-gnu"
  std::vector<std::filesystem::path> library_folders = {};  ///< of the system's libpythons
  std::filesystem::path default_libpython = {};             ///< the one found at configure time; may be empty
  std::filesystem::path home = {};                          ///< what "~/" in a SPEC stands for

  /// From $PATH, $PYENV_ROOT (else ~/.pyenv), $UV_PYTHON_INSTALL_DIR (else $XDG_DATA_HOME/uv/python, else
  /// ~/.local/share/uv/python), $LD_LIBRARY_PATH and the system's usual library folders. To be called by the
  /// command line only, which alone reads the environment.
  static SearchPaths from_environment(std::string default_libpython);
};

/// The file that a shell would run by that name, which has no "/".
std::optional<std::filesystem::path> command_on_path(const std::string& name, const SearchPaths& paths);

/// A file that may be an interpreter, with what its name promises. Where the name promises nothing, `version`
/// is absent.
struct Candidate {
  std::filesystem::path file;
  std::optional<Version> version = std::nullopt;
};

/// Executables named python, python3, python3.13t, pypy3 and so on in the folders of PATH; of two of one name
/// only the first, as in a shell. Not those in folders named "shims", in which pyenv, asdf and mise put
/// scripts that stand for other executables.
std::vector<Candidate> path_candidates(const SearchPaths& paths);

/// The executable of every folder in `versions`; `before_version` is what the folders' names start with
/// where they promise a version: "" or "cpython-".
std::vector<Candidate> version_folder_candidates(const std::filesystem::path& versions,
                                                 std::string_view before_version);

/// The default libpython, where there is one, and those in the library folders.
std::vector<Candidate> libpython_candidates(const SearchPaths& paths);

/// What identifies an executable among several names for it: the file itself, unless it is a virtual
/// environment's, whose name for it makes the difference.
std::filesystem::path identity_of(const std::filesystem::path& executable);

}  // namespace harness
