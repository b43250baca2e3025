// harness/interpreter/search_paths_test.cpp: the environment, and which files in which folders are
// candidates.
#include "harness/interpreter/search_paths.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>

#include "harness/interpreter/fake_python.h"

namespace harness {
namespace {

using Paths = std::vector<std::filesystem::path>;

// Sets a variable of the environment, or unsets it, and puts it back.
class ScopedVariable {
 public:
  ScopedVariable(const char* name, const char* value) : name_(name) {
    if (const char* const before = ::getenv(name)) before_ = before;
    set(value);
  }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;
  ~ScopedVariable() { set(before_ ? before_->c_str() : nullptr); }

 private:
  void set(const char* value) { value == nullptr ? ::unsetenv(name_) : ::setenv(name_, value, 1); }

  const char* name_;
  std::optional<std::string> before_;
};

Paths files_of(const std::vector<Candidate>& candidates) {
  Paths files;
  for (const Candidate& candidate : candidates) files.push_back(candidate.file);
  return files;
}

TEST(SearchPaths, ComeFromTheEnvironment) {
  const ScopedVariable path("PATH", "/a/bin::/b/bin");
  const ScopedVariable home("HOME", "/home/me");
  const ScopedVariable pyenv("PYENV_ROOT", "/opt/pyenv");
  const ScopedVariable uv("UV_PYTHON_INSTALL_DIR", "/opt/uv");
  const ScopedVariable libraries("LD_LIBRARY_PATH", "/opt/lib");
  const SearchPaths paths = SearchPaths::from_environment("/x/libpython3.13.so");
  EXPECT_EQ(paths.path_folders, (Paths{"/a/bin", "/b/bin"}));
  EXPECT_EQ(paths.home, "/home/me");
  EXPECT_EQ(paths.pyenv_versions, "/opt/pyenv/versions");
  EXPECT_EQ(paths.uv_pythons, "/opt/uv");
  EXPECT_EQ(paths.default_libpython, "/x/libpython3.13.so");
  ASSERT_GE(paths.library_folders.size(), 2U);
  EXPECT_EQ(paths.library_folders.front(), "/opt/lib");
  EXPECT_NE(std::find(paths.library_folders.begin(), paths.library_folders.end(), "/usr/lib"),
            paths.library_folders.end());
}

TEST(SearchPaths, HaveTheUsualFoldersWhereTheEnvironmentSaysNothing) {
  const ScopedVariable home("HOME", "/home/me");
  const ScopedVariable pyenv("PYENV_ROOT", nullptr);
  const ScopedVariable uv("UV_PYTHON_INSTALL_DIR", nullptr);
  {
    const ScopedVariable xdg("XDG_DATA_HOME", nullptr);
    EXPECT_EQ(SearchPaths::from_environment("").pyenv_versions, "/home/me/.pyenv/versions");
    EXPECT_EQ(SearchPaths::from_environment("").uv_pythons, "/home/me/.local/share/uv/python");
  }
  const ScopedVariable xdg("XDG_DATA_HOME", "/data");
  EXPECT_EQ(SearchPaths::from_environment("").uv_pythons, "/data/uv/python");
}

TEST(SearchPaths, AreNoneBelowTheCurrentFolder) {
  const ScopedVariable path("PATH", ".:bin:/a/bin"), libraries("LD_LIBRARY_PATH", "lib");
  const ScopedVariable pyenv("PYENV_ROOT", nullptr), uv("UV_PYTHON_INSTALL_DIR", nullptr);
  const ScopedVariable data("XDG_DATA_HOME", nullptr);
  for (const char* const value : {static_cast<const char*>(nullptr), "", "relative"}) {
    const ScopedVariable home("HOME", value);
    const SearchPaths paths = SearchPaths::from_environment("");
    EXPECT_EQ(paths.path_folders, Paths{"/a/bin"});
    EXPECT_EQ(paths.pyenv_versions, "");
    EXPECT_EQ(paths.uv_pythons, "");
    for (const auto& folder : paths.library_folders) EXPECT_TRUE(folder.is_absolute()) << folder;
  }
}

TEST(PathCandidates, AreInterpretersByTheirNames) {
  const TestFolder folder;
  for (const char* const name :
       {"python", "python3", "python2.7", "python3.13", "python3.13t", "python3.13td", "python3.12-dbg",
        "pypy3", "python3-config", "python3.13-gdb.py", "pythonw", "ipython", "pip3"}) {
    folder.write_script(name, "");
  }
  folder.write("python3.9", "not executable");
  std::filesystem::create_directory(folder.path() / "python3.10");
  const auto candidates = path_candidates({.path_folders = {folder.path()}});
  std::vector<std::string> names;
  for (const Candidate& candidate : candidates) names.push_back(candidate.file.filename());
  EXPECT_EQ(names, (std::vector<std::string>{"pypy3", "python", "python2.7", "python3", "python3.12-dbg",
                                             "python3.13", "python3.13t", "python3.13td"}));
  EXPECT_EQ(candidates[1].version, std::nullopt);
  EXPECT_EQ(candidates[5].version, parse_version("3.13"));
  EXPECT_EQ(candidates[6].version, parse_version("3.13t"));
}

TEST(PathCandidates, AreTheFirstOfANameAndNoShims) {
  const TestFolder folder;
  folder.write_script("shims/python3", "");
  const auto first = folder.write_script("first/python3", "");
  folder.write_script("second/python3", "");
  const auto other = folder.write_script("second/python3.12", "");
  const SearchPaths paths{.path_folders = {folder.path() / "shims", folder.path() / "missing",
                                           folder.path() / "first", folder.path() / "second"}};
  EXPECT_EQ(files_of(path_candidates(paths)), (Paths{first, other}));
}

TEST(VersionFolders, PromiseAVersionByTheirNames) {
  const TestFolder folder;
  for (const char* const name : {"3.13.5t", "3.13.0", "3.14-dev", "miniconda3-latest", "my-project"}) {
    folder.write_script(std::filesystem::path(name) / "bin/python3", "");
  }
  folder.write_script("3.13.0/bin/python", "");
  const auto python2 = folder.write_script("2.7.18/bin/python", "");
  std::filesystem::create_directory(folder.path() / "3.12.0");
  const auto candidates = version_folder_candidates(folder.path(), "");
  ASSERT_EQ(candidates.size(), 6U);
  EXPECT_EQ(candidates[0].file, python2);
  EXPECT_EQ(candidates[1].version, parse_version("3.13.0"));
  EXPECT_EQ(candidates[2].version, parse_version("3.13.5t"));
  EXPECT_EQ(candidates[3].version, parse_version("3.14"));
  EXPECT_EQ(candidates[4].version, std::nullopt);
  EXPECT_EQ(candidates[5].version, std::nullopt);
  EXPECT_TRUE(version_folder_candidates(folder.path() / "missing", "").empty());
}

TEST(VersionFolders, OfUvSayFreeThreadedInFull) {
  const TestFolder folder;
  for (const char* const name : {"cpython-3.13.5+freethreaded-linux-x86_64-gnu",
                                 "cpython-3.13.5-linux-x86_64-gnu", "pypy-3.10.16-linux-x86_64-gnu"}) {
    folder.write_script(std::filesystem::path(name) / "bin/python3", "");
  }
  const auto candidates = version_folder_candidates(folder.path(), "cpython-");
  ASSERT_EQ(candidates.size(), 3U);
  EXPECT_EQ(candidates[0].version, parse_version("3.13.5t"));
  EXPECT_EQ(candidates[1].version, parse_version("3.13.5"));
  EXPECT_EQ(candidates[2].version, std::nullopt);
}

TEST(LibpythonCandidates, AreTheDefaultAndThoseInTheFoldersOnce) {
  const TestFolder folder;
  const auto gil = folder.path() / "libpython3.77.so.1.0";
  const auto free_threaded = folder.path() / "libpython3.78td.so.1.0";
  std::filesystem::copy_file(FAKE_LIBPYTHON_GIL, gil);
  std::filesystem::copy_file(FAKE_LIBPYTHON_FREE_THREADED, free_threaded);
  std::filesystem::create_symlink(gil, folder.path() / "link.so");
  const SearchPaths paths{.library_folders = {folder.path(), folder.path()},
                          .default_libpython = folder.path() / "link.so"};
  const auto candidates = libpython_candidates(paths);
  ASSERT_EQ(candidates.size(), 2U);
  EXPECT_EQ(candidates[0].file, folder.path() / "link.so");
  EXPECT_EQ(candidates[0].version, parse_version("3.77.5"));
  EXPECT_EQ(candidates[1].file, free_threaded);
  EXPECT_EQ(candidates[1].version, parse_version("3.78.2t"));
}

TEST(Identity, IsTheFileButInAVirtualEnvironmentTheName) {
  const TestFolder folder;
  const auto real = folder.write_script("usr/bin/python3.11", "");
  std::filesystem::create_symlink("python3.11", folder.path() / "usr/bin/python3");
  EXPECT_EQ(identity_of(folder.path() / "usr/bin/python3"), real);
  folder.write("venv/pyvenv.cfg", "");
  std::filesystem::create_directory(folder.path() / "venv/bin");
  for (const char* const name : {"python", "python3"}) {
    std::filesystem::create_symlink(real, folder.path() / "venv/bin" / name);
  }
  EXPECT_NE(identity_of(folder.path() / "venv/bin/python3"), real);
  EXPECT_EQ(identity_of(folder.path() / "venv/bin/python3"), identity_of(folder.path() / "venv/bin/python"));
}

}  // namespace
}  // namespace harness
