// harness/interpreter/search_paths.cpp: reads the environment and lists folders; runs nothing.
#include "harness/interpreter/search_paths.h"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

#include "harness/interpreter/libpython.h"

namespace harness {
namespace {

std::string variable(const char* name) {
  const char* const value = ::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

// Of what the environment names; empty where it names nothing, or a folder below the current one: what lies
// there was neither named nor installed by the user, and an interpreter that is found is run.
std::filesystem::path if_absolute(const std::filesystem::path& folder) {
  return folder.is_absolute() ? folder : std::filesystem::path();
}

std::vector<std::filesystem::path> split_folders(std::string_view list) {
  std::vector<std::filesystem::path> folders;
  while (!list.empty()) {
    const std::string_view folder = list.substr(0, list.find(':'));
    list.remove_prefix(std::min(folder.size() + 1, list.size()));
    if (folder.starts_with('/')) folders.emplace_back(folder);  // as in if_absolute()
  }
  return folders;
}

// Debian's libraries lie in a folder of their architecture's: /usr/lib/x86_64-linux-gnu.
std::vector<std::filesystem::path> multiarch_folders(const std::filesystem::path& lib) {
  std::vector<std::filesystem::path> folders;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(lib, error)) {
    if (entry.path().filename().string().find("-linux-gnu") != std::string::npos)
      folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

bool is_program(const std::filesystem::path& file) {
  std::error_code error;
  return std::filesystem::is_regular_file(file, error) && ::access(file.c_str(), X_OK) == 0;
}

std::vector<std::filesystem::path> sorted_entries(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> entries;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

// Whether `name` is that of an interpreter and not of a tool such as python3-config; `version` is then what
// it promises. "python3.13td" and Debian's "python3.13-dbg" are debug builds.
bool read_executable_name(std::string_view name, std::optional<Version>& version) {
  const bool is_pypy = name.starts_with("pypy");
  if (!is_pypy && !name.starts_with("python")) return false;
  name.remove_prefix(is_pypy ? std::string_view("pypy").size() : std::string_view("python").size());
  std::string_view rest = name;
  version = leading_version(name, rest);
  return rest.empty() || rest == "d" || rest == "-dbg";
}

}  // namespace

SearchPaths SearchPaths::from_environment(std::string default_libpython) {
  SearchPaths paths;
  paths.home = variable("HOME");
  paths.path_folders = split_folders(variable("PATH"));
  const std::string pyenv_root = variable("PYENV_ROOT");
  paths.pyenv_versions = if_absolute(
      (pyenv_root.empty() ? paths.home / ".pyenv" : std::filesystem::path(pyenv_root)) / "versions");
  const std::string uv_pythons = variable("UV_PYTHON_INSTALL_DIR");
  const std::string xdg_data = variable("XDG_DATA_HOME");
  const auto data = xdg_data.empty() ? paths.home / ".local/share" : std::filesystem::path(xdg_data);
  paths.uv_pythons = if_absolute(uv_pythons.empty() ? data / "uv/python" : std::filesystem::path(uv_pythons));
  paths.library_folders = split_folders(variable("LD_LIBRARY_PATH"));
  for (const char* const lib : {"/usr/local/lib", "/usr/local/lib64", "/usr/lib", "/usr/lib64"}) {
    const auto multiarch = multiarch_folders(lib);
    paths.library_folders.emplace_back(lib);
    paths.library_folders.insert(paths.library_folders.end(), multiarch.begin(), multiarch.end());
  }
  paths.default_libpython = std::move(default_libpython);
  return paths;
}

std::optional<std::filesystem::path> command_on_path(const std::string& name, const SearchPaths& paths) {
  for (const auto& folder : paths.path_folders) {
    if (is_program(folder / name)) return folder / name;
  }
  return std::nullopt;
}

std::vector<Candidate> path_candidates(const SearchPaths& paths) {
  std::vector<Candidate> candidates;
  std::set<std::string> names;
  for (const auto& folder : paths.path_folders) {
    if (folder.filename() == "shims") continue;
    for (const auto& file : sorted_entries(folder)) {
      Candidate candidate{.file = file};
      const std::string name = file.filename().string();
      if (!read_executable_name(name, candidate.version) || !is_program(file)) continue;
      if (names.insert(name).second) candidates.push_back(std::move(candidate));
    }
  }
  return candidates;
}

std::vector<Candidate> version_folder_candidates(const std::filesystem::path& versions,
                                                 std::string_view before_version) {
  std::vector<Candidate> candidates;
  for (const auto& folder : sorted_entries(versions)) {
    for (const char* const name : {"bin/python3", "bin/python"}) {
      if (!is_program(folder / name)) continue;
      Candidate candidate{.file = folder / name};
      const std::string text = folder.filename().string();
      if (std::string_view rest = text; rest.starts_with(before_version)) {
        candidate.version = leading_version(rest.substr(before_version.size()), rest);
        if (candidate.version && rest.starts_with("+freethreaded")) candidate.version->free_threaded = true;
      }
      candidates.push_back(std::move(candidate));
      break;
    }
  }
  return candidates;
}

std::vector<Candidate> libpython_candidates(const SearchPaths& paths) {
  std::vector<std::filesystem::path> files;
  if (!paths.default_libpython.empty()) files.push_back(paths.default_libpython);
  for (const auto& folder : paths.library_folders) {
    const auto found = libpythons_in(folder);
    files.insert(files.end(), found.begin(), found.end());
  }
  std::vector<Candidate> candidates;
  std::set<std::filesystem::path> seen;
  for (const auto& file : files) {
    std::error_code error;
    if (!seen.insert(std::filesystem::weakly_canonical(file, error)).second) continue;
    candidates.push_back({.file = file, .version = version_of(identify_libpython(file))});
  }
  return candidates;
}

std::filesystem::path identity_of(const std::filesystem::path& executable) {
  std::error_code error;
  const auto folder = executable.parent_path();
  const bool in_environment = std::filesystem::exists(folder.parent_path() / "pyvenv.cfg", error);
  const auto file = std::filesystem::weakly_canonical(executable, error);
  return in_environment ? std::filesystem::weakly_canonical(folder, error) / file.filename() : file;
}

}  // namespace harness
