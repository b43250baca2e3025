// harness/cython/build_extension_test.cpp: an interpreter without Cython, a stale or half-written file in the
// cache.
#include "harness/cython/build_extension.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "harness/error.h"
#include "harness/system/test_folder.h"
#include "harness/system/text.h"
#include "harness/testing/assertions.h"
#include "harness/testing/skip.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

/// A Cython that is none, but leaves the same traces: it makes a .c file that holds the source as a comment.
constexpr const char* kImitation = R"python(
import sys
if __name__ == "__main__":
    source, c_file = sys.argv[-3], sys.argv[-1]
    text = open(source).read()
    if "syntax error" in text:
        sys.exit(source + ": that is no Cython")
    open(c_file, "w").write("int built = 1; /* " + text + " */\n")
)python";

class BuildExtension : public testing::Test {
 protected:
  void SetUp() override {
    const fs::path python = "/usr/bin/python3";
    if (!fs::exists(python)) return skip_for_want_of(kCython, "there is no " + python.string());
    build_ = {.python = python, .cache = folder_.path() / "cache", .flags = "-O1"};
    folder_.write("site/Cython/__init__.py", "__version__ = '3.1.0'\n");
    folder_.write("site/cython.py", kImitation);
    source_ = folder_.write("twice.pyx", "def run(): pass");
    setenv("PYTHONPATH", (folder_.path() / "site").c_str(), 1);
  }
  void TearDown() override { unsetenv("PYTHONPATH"); }

  /// The build's result, or the test is skipped where this machine lacks a compiler or Python's headers.
  std::string built() {
    std::string path;
    missing_ = error_of<NotApplicable>([&] { path = build_extension(source_, build_).string(); });
    return path;
  }

  std::vector<fs::path> files_in_cache() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(build_.cache)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
    return files;
  }

  TestFolder folder_;
  ExtensionBuild build_;
  fs::path source_;
  std::string missing_;
};

TEST_F(BuildExtension, IsBuiltOnceForOneSourceAndItsFlags) {
  const std::string first = built();
  if (!missing_.empty()) return skip_for_want_of(kCython, missing_);
  EXPECT_EQ(fs::path(first).filename(), "twice.so");
  const auto time = fs::last_write_time(first);
  EXPECT_EQ(built(), first);
  EXPECT_EQ(fs::last_write_time(first), time);
  EXPECT_EQ(files_in_cache(), std::vector<fs::path>{first}) << "and nothing is left of the build";

  build_.flags = "-O2";
  const std::string with_other_flags = built();
  EXPECT_NE(with_other_flags, first);
  folder_.write("twice.pyx", "def run(): return 2");
  EXPECT_NE(built(), with_other_flags);
}

TEST_F(BuildExtension, MayBeBuiltBySeveralAtATime) {
  if (built().empty()) return skip_for_want_of(kCython, missing_);
  fs::remove_all(build_.cache);
  std::vector<std::string> paths(4);
  {
    std::vector<std::jthread> builders;
    for (std::string& path : paths)
      builders.emplace_back([&] { path = build_extension(source_, build_).string(); });
  }
  for (const std::string& path : paths) EXPECT_EQ(path, paths.front());
  EXPECT_EQ(files_in_cache(), std::vector<fs::path>{paths.front()});
}

TEST_F(BuildExtension, SaysHowToGetCythonWhereThereIsNone) {
  fs::remove_all(folder_.path() / "site");
  folder_.write("site/Cython.py", "raise ImportError('No module named Cython')\n");
  const std::string reason = error_of<NotApplicable>([&] { build_extension(source_, build_); });
  EXPECT_TRUE(reason.starts_with("it needs Cython (No module named Cython); to get it: ")) << reason;
  EXPECT_TRUE(reason.ends_with(" -m pip install cython")) << reason;
}

TEST_F(BuildExtension, SaysHowToGetACompilerAndTheHeaders) {
  const std::string whether_here =
      "import os, shutil\nthere = os.path.exists\n"
      "os.path.exists = lambda path: %s if path.endswith('Python.h') else there(path)\n"
      "shutil.which = lambda name: None\n";
  const auto reason_where = [&](const std::string& headers) {
    std::string site = whether_here;
    folder_.write("site/sitecustomize.py", site.replace(site.find("%s"), 2, headers));
    return error_of<NotApplicable>([&] { build_extension(source_, build_); });
  };
  EXPECT_EQ(reason_where("True"), "it needs a C compiler; to get it: apt-get install gcc libc6-dev");
  const std::string headers = reason_where("False");
  EXPECT_TRUE(headers.starts_with("it needs Python.h (of this interpreter, in ")) << headers;
  EXPECT_TRUE(contains(headers, "); to get it: apt-get install python3.")) << headers;
  EXPECT_TRUE(headers.ends_with("-dev")) << headers;
}

TEST_F(BuildExtension, FailsWithTheLastLineOfWhatWentWrong) {
  if (built().empty()) return skip_for_want_of(kCython, missing_);
  folder_.write("twice.pyx", "syntax error");
  EXPECT_EQ(error_of<ExperimentError>([&] { build_extension(source_, build_); }),
            "cannot build twice.pyx: " + source_.string() + ": that is no Cython");
}

TEST_F(BuildExtension, IsNotPossibleWithoutAnExecutableOrACache) {
  const auto reason_of = [&](const ExtensionBuild& build) {
    return error_of<NotApplicable>([&] { build_extension(source_, build); });
  };
  EXPECT_EQ(reason_of({.python = "", .cache = build_.cache, .flags = ""}),
            "it needs the interpreter's executable (which builds twice.pyx); to get it: "
            "--python=\"$(command -v python3)\"");
  EXPECT_EQ(reason_of({.python = build_.python, .cache = "", .flags = ""}),
            "it needs a cache folder (for what twice.pyx is built to); to get it: "
            "export XDG_CACHE_HOME=/var/tmp");
}

}  // namespace
}  // namespace harness
