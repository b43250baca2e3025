// harness/interpreter/real_interpreters_test.cpp: the interpreters of the machine that the tests run on.
#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "harness/interpreter/find.h"
#include "harness/interpreter/libpython.h"
#include "harness/interpreter/resolve.h"
#include "harness/interpreter/version.h"
#include "harness/system/subprocess.h"
#include "harness/system/test_folder.h"
#include "harness/testing/pythons.h"
#include "harness/testing/skip.h"

namespace harness {
namespace {

using namespace std::chrono_literals;

class RealInterpreters : public testing::Test {
 protected:
  void SetUp() override {
    for (const Interpreter& interpreter : find_interpreters(paths_)) {
      if (interpreter.usable()) usable_.push_back(interpreter);
    }
    if (usable_.empty()) skip_for_want_of(kAPython, "no CPython that harness can run is installed");
  }

  SearchPaths paths_ = test_search_paths();
  std::vector<Interpreter> usable_;
};

TEST_F(RealInterpreters, HaveALibpythonThatTellsTheSameFromOutside) {
  for (const Interpreter& interpreter : usable_) {
    if (interpreter.guest) continue;
    const Interpreter identified = identify_libpython(interpreter.libpython);
    EXPECT_EQ(identified.unusable, "") << describe(interpreter);
    EXPECT_EQ(version_of(identified), version_of(interpreter)) << describe(interpreter);
    EXPECT_EQ(identified.debug, interpreter.debug) << describe(interpreter);
  }
}

TEST_F(RealInterpreters, AreFoundWhereTestsAreToRunOnThem) {
  const std::vector<Interpreter> named = named_pythons();
  if (named.empty()) return skip_for_want_of(kAPython, "HARNESS_TEST_PYTHONS names no CPython");
  std::set<std::string> found;
  for (const Interpreter& interpreter : usable_) found.insert(version_name(interpreter));
  for (const Interpreter& interpreter : named) {
    EXPECT_TRUE(found.contains(version_name(interpreter))) << describe(interpreter);
  }
}

TEST_F(RealInterpreters, AreFoundByVersionAndByFile) {
  for (const Interpreter& interpreter : usable_) {
    const std::string name = version_name(interpreter);
    EXPECT_EQ(version_name(resolve_interpreter(name, paths_)), name);
    if (!interpreter.guest) {
      EXPECT_EQ(resolve_interpreter(interpreter.libpython, paths_).libpython, interpreter.libpython);
    }
    if (interpreter.executable.empty()) continue;
    const Interpreter again = resolve_interpreter(interpreter.executable, paths_);
    EXPECT_EQ(again.executable, interpreter.executable);
    EXPECT_EQ(again.libpython, interpreter.libpython);
    EXPECT_FALSE(again.sys_path.empty());
    EXPECT_FALSE(again.compiler.empty());
  }
}

TEST_F(RealInterpreters, MakeVirtualEnvironmentsThatResolve) {
  bool made_one = false;
  for (const Interpreter& base : usable_) {
    if (base.executable.empty()) continue;
    const TestFolder folder;
    const auto venv = folder.path() / "venv";
    const auto made =
        run_subprocess({.argv = {base.executable, "-m", "venv", "--without-pip", venv.string()}}, 60s);
    if (!made.succeeded()) continue;  // Debian has the module venv in a package of its own
    made_one = true;
    const Interpreter interpreter = resolve_interpreter(venv / "bin/python", paths_);
    EXPECT_EQ(interpreter.executable, venv / "bin/python");
    EXPECT_EQ(interpreter.prefix, venv);
    EXPECT_EQ(interpreter.base_prefix, base.base_prefix);
    EXPECT_EQ(interpreter.libpython, base.libpython);
  }
  if (!made_one) skip_for_want_of(kVenv, "no CPython here has the module venv (Debian: python3-venv)");
}

}  // namespace
}  // namespace harness
