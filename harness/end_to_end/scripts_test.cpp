// harness/end_to_end/scripts_test.cpp: each of the project's scripts also runs alone.
#include <algorithm>
#include <filesystem>

#include "harness/end_to_end/test_program.h"
#include "harness/row/outcome.h"
#include "harness/testing/skip.h"

namespace harness {
namespace {

/// A script, and small work for it as it is asked for on its own command line.
struct Script {
  std::string name;
  ProgramTest::Arguments work;
};

std::ostream& operator<<(std::ostream& out, const Script& script) {
  return out << script.name;
}

const std::vector<Script> kScripts{{"countdown", {"1000"}},
                                   {"grayscale", {"8", "4"}},
                                   {"grayscale_numpy_style", {"8", "4"}},
                                   {"start_break_even", {"1000"}},
                                   {"sum_of_squares", {"1000"}}};

class Scripts : public ProgramTest, public testing::WithParamInterface<Script> {
 protected:
  /// By the first python3 of PATH, or by Debian's.
  ProcessResult python3(const Arguments& arguments, bool debians = false) const {
    Command python{.argv = {"/usr/bin/env", debians ? "/usr/bin/python3" : "python3"},
                   .working_directory = folder().path()};
    python.argv.insert(python.argv.end(), arguments.begin(), arguments.end());
    return run_subprocess(python, kPatience);
  }
};

TEST_P(Scripts, RunAlone) {
  const auto& [name, work] = GetParam();
  Arguments arguments{std::string(HARNESS_SCRIPTS_FOLDER) + "/" + name + ".py"};
  arguments.insert(arguments.end(), work.begin(), work.end());
  const auto lacks_numpy = [](const ProcessResult& ended) {
    return ended.standard_error.find("No module named 'numpy'") != std::string::npos;
  };
  ProcessResult result = python3(arguments);
  if (lacks_numpy(result) && std::filesystem::exists("/usr/bin/python3")) result = python3(arguments, true);
  if (result.exit_code == 127) return skip_for_want_of(kAPython, "there is no python3 on PATH");
  if (lacks_numpy(result)) {
    return skip_for_want_of(kNumpy, "neither the python3 of PATH nor Debian's has numpy");
  }
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(result.standard_error, "");
  EXPECT_TRUE(result.standard_output.starts_with(name + ": ")) << result.standard_output;
}

INSTANTIATE_TEST_SUITE_P(All, Scripts, testing::ValuesIn(kScripts),
                         [](const auto& tested) { return tested.param.name; });

using AllScripts = Scripts;

/// Scripts that need a module, on the default CPython.
class ScriptsOfModules : public ProgramTest {
 protected:
  /// Runs the row; the test is skipped for want of `need` where the CPython lacks it.
  void expect_runs(const std::string& row, const std::string& need) const {
    const auto result = run({"--filter=" + row, "--threads=1"});
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    const NamedErrors rows = rows_of(saved(), row);
    ASSERT_EQ(rows.size(), 1U);
    const StoredOutcome outcome = parse_stored_message(rows.front().second);
    if (outcome.outcome == Outcome::not_applicable) return skip_for_want_of(need, outcome.reason);
    EXPECT_EQ(rows, (NamedErrors{{row, ""}}));
  }
};

TEST_F(ScriptsOfModules, RunWithNumpy) {
  expect_runs("grayscale/python_numpy_style/threads:1", kNumpy);
}

TEST_F(ScriptsOfModules, RunWithCython) {
  expect_runs("grayscale/cython/threads:1", kCython);
}

// As cython's are: in the user's cache, or nowhere.
TEST_F(AllScripts, HaveTheirCodeInTheUsersCache) {
  const auto countdown = [&](const Environment& environment) {
    const auto result = run({"--filter=countdown/python/"}, environment);
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    return result.standard_error;
  };
  const std::string home = folder().path(), cache = folder().path() / "cache";
  countdown({{"XDG_CACHE_HOME", cache}, {"PYTHONDONTWRITEBYTECODE", std::nullopt}});
  countdown({{"XDG_CACHE_HOME", std::nullopt}, {"HOME", home}, {"PYTHONDONTWRITEBYTECODE", std::nullopt}});
  for (const auto& folder : {cache + "/harness/pyc", home + "/.cache/harness/pyc"}) {
    const auto builds = files_in(folder);
    ASSERT_EQ(builds.size(), 1U) << folder;
    const auto files = files_in(folder + "/" + builds.front());
    EXPECT_TRUE(std::ranges::any_of(files, [](const std::string& file) {
      return file.starts_with("countdown.py.") && file.ends_with(".pyc");
    })) << folder;
  }
  countdown({{"XDG_CACHE_HOME", std::nullopt}, {"HOME", std::nullopt}});
  countdown({{"XDG_CACHE_HOME", "/dev/null"}});
}

TEST_F(AllScripts, AreAmongThese) {
  std::vector<std::string> named;
  for (const Script& script : kScripts) named.push_back(script.name + ".py");
  auto files = files_in(HARNESS_SCRIPTS_FOLDER);
  // A file of benchmarks is no script of a workload, and what copies bytes needs some.
  std::erase_if(files, [](const std::string& file) {
    return !file.ends_with(".py") || file == "contention.py" || file == "start.py";
  });
  EXPECT_EQ(files, named);
}

}  // namespace
}  // namespace harness
