// harness/interpreter/find_test.cpp: a made-up machine, searched as a whole.
#include "harness/interpreter/find.h"

#include <gtest/gtest.h>

#include "harness/interpreter/fake_python.h"

namespace harness {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> versions_of(const std::vector<Interpreter>& interpreters) {
  std::vector<std::string> versions;
  for (const Interpreter& interpreter : interpreters) versions.push_back(version_name(interpreter));
  return versions;
}

TEST(FindInterpreters, ListsAllPlacesInTheOrderOfVersions) {
  const TestFolder folder;
  SearchPaths paths;
  paths.path_folders = {folder.path() / "bin"};
  paths.pyenv_versions = folder.path() / "pyenv";
  paths.uv_pythons = folder.path() / "uv";
  write_fake_installation(folder, "pyenv/3.78.2t", "3.78.2", FAKE_LIBPYTHON_FREE_THREADED,
                          {{"free_threaded", "1"}, {"debug", "1"}});
  write_fake_installation(folder, "uv/cpython-3.77.5-linux", "3.77.5", FAKE_LIBPYTHON_GIL);
  write_fake_python(folder, "bin/python2", fake_answer("2.7.18", {{"executable", "/usr/bin/python2"}}));
  write_fake_python(folder, "bin/python3", fake_answer("3.78.2", {{"executable", "/bin/true"}}));
  write_fake_python(folder, "bin/python3.79", fake_answer("3.79.1", {{"executable", FAKE_STATIC_PYTHON}}));
  const auto found = find_interpreters(paths);
  ASSERT_EQ(versions_of(found),
            (std::vector<std::string>{"2.7.18", "3.77.5", "3.78.2", "3.78.2t", "3.79.1"}));
  EXPECT_NE(found[0].unusable.find("too old"), std::string::npos);
  EXPECT_TRUE(found[1].usable()) << found[1].unusable;
  EXPECT_NE(found[2].unusable.find("shared libpython"), std::string::npos);
  EXPECT_TRUE(found[3].usable()) << found[3].unusable;
  EXPECT_FALSE(found[3].guest);
  EXPECT_TRUE(found[4].usable()) << found[4].unusable;
  EXPECT_TRUE(found[4].guest);
}

TEST(FindInterpreters, ListsEachOnceWhateverItsNames) {
  const TestFolder folder;
  const auto prefix = write_fake_installation(folder, "usr", "3.77.5", FAKE_LIBPYTHON_GIL);
  std::filesystem::create_symlink("python3", prefix / "bin/python");
  folder.write_script("local/python3.77", "exec " + (prefix / "bin/python3").string() + " \"$@\"");
  SearchPaths paths;
  paths.path_folders = {folder.path() / "local", prefix / "bin"};
  paths.library_folders = {prefix / "lib"};
  paths.default_libpython = prefix / "lib/libpython3.77.so.1.0";
  EXPECT_EQ(versions_of(find_interpreters(paths)), std::vector<std::string>{"3.77.5"});
}

TEST(FindInterpreters, RunsAnExecutableOnceWhateverItsNames) {
  const TestFolder folder;
  const auto runs = folder.path() / "runs";
  folder.write_script("bin/python3.77", "echo >> " + runs.string());
  std::filesystem::create_symlink("python3.77", folder.path() / "bin/python3");
  std::filesystem::create_symlink("bin", folder.path() / "sbin");
  SearchPaths paths;
  paths.path_folders = {folder.path() / "bin", folder.path() / "sbin"};
  EXPECT_EQ(find_interpreters(paths).size(), 1U);
  EXPECT_EQ(std::filesystem::file_size(runs), 1U);
}

TEST(FindInterpreters, ListsAVirtualEnvironmentBesideItsBase) {
  const TestFolder folder;
  const auto base = write_fake_installation(folder, "usr", "3.77.5", FAKE_LIBPYTHON_GIL);
  const auto venv = folder.path() / "venv";
  folder.write("venv/pyvenv.cfg", "");
  write_fake_python(
      folder, "venv/bin/python3",
      fake_answer("3.77.5", {{"executable", venv / "bin/python3"}, {"prefix", venv}, {"base_prefix", base}}));
  std::filesystem::create_symlink("python3", base / "bin/python3.77");
  SearchPaths paths;
  paths.path_folders = {venv / "bin", base / "bin"};
  const auto found = find_interpreters(paths);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].executable, venv / "bin/python3");
  EXPECT_EQ(found[1].executable, base / "bin/python3");
  EXPECT_EQ(found[0].libpython, found[1].libpython);
}

TEST(FindInterpreters, ListsALibpythonThatNoExecutableUses) {
  const TestFolder folder;
  const auto library = folder.path() / "libpython3.77.so.1.0";
  std::filesystem::copy_file(FAKE_LIBPYTHON_GIL, library);
  SearchPaths paths;
  paths.library_folders = {folder.path()};
  const auto found = find_interpreters(paths);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].libpython, library);
  EXPECT_EQ(found[0].executable, "");
  EXPECT_TRUE(found[0].usable());
}

TEST(FindInterpreters, WaitsForAllThatHangTogether) {
  const TestFolder folder;
  for (const char* const name : {"python3.1", "python3.2", "python3.3", "python3.4"}) {
    folder.write_script(name, "sleep 60");
  }
  SearchPaths paths;
  paths.path_folders = {folder.path()};
  const auto found = find_interpreters(paths, 200ms);
  ASSERT_EQ(found.size(), 4U);
  for (const Interpreter& interpreter : found) {
    EXPECT_NE(interpreter.unusable.find("did not answer"), std::string::npos) << interpreter.unusable;
  }
}

TEST(FindInterpreters, FindsNothingInNoPlaces) {
  EXPECT_TRUE(find_interpreters({}).empty());
}

}  // namespace
}  // namespace harness
