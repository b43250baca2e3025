// harness/end_to_end/installed_test.cpp: an installed program needs neither the source tree nor the build
// folder, and finds its own files wherever it is put and started.
#include "harness/end_to_end/test_program.h"

namespace harness {
namespace {

class Installed : public ProgramTest {
 protected:
  void SetUp() override {
    const auto result = run_subprocess(
        {.argv = {CMAKE_PROGRAM, "--install", HARNESS_BUILD_FOLDER, "--prefix", prefix_.string()}},
        kPatience);
    ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  }

  /// The installed program in an empty environment, elsewhere.
  Command installed(const Arguments& arguments) const {
    Command installed = command(arguments);
    installed.argv.front() = (prefix_ / "bin/harness").string();
    installed.argv.insert(installed.argv.begin(), {"/usr/bin/env", "-i"});
    std::filesystem::create_directory(folder().path() / "elsewhere");
    installed.working_directory = folder().path() / "elsewhere";
    return installed;
  }

  ProcessResult run_installed(const Arguments& arguments) const {
    return run_subprocess(installed(arguments), kPatience);
  }

  const std::filesystem::path prefix_ = folder().path() / "any prefix";
};

TEST_F(Installed, RunsEveryWorkload) {
  const auto result = run_installed({"--format=json"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  for (const char* const workload : {"countdown", "sum_of_squares", "grayscale"}) {
    expect_holds(result.standard_output, {std::string(workload) + "/python/threads:1"});
  }
  EXPECT_EQ(failed_of(saved()), std::vector<std::string>{});
}

TEST_F(Installed, RunsItsOwnCopyOfTheScripts) {
  const auto script = prefix_ / "share/harness/scripts/countdown.py";
  ASSERT_TRUE(std::filesystem::remove(script));
  EXPECT_EQ(run_installed({"--filter=countdown/python/"}).exit_code, 1);
  EXPECT_EQ(rows_of(saved()),
            (NamedErrors{{"countdown/python/threads:1", "--scripts: there is no " + script.string()}}));
}

TEST_F(Installed, LoadsItsOwnKernels) {
  const std::filesystem::path libraries = prefix_ / HARNESS_INSTALL_LIBDIR / "harness";
  ASSERT_TRUE(std::filesystem::remove(libraries / "harness_kernels.so"));
  const auto result = run_installed({"--filter=countdown/python/"});
  EXPECT_EQ(result.exit_code, 1);
  expect_holds(result.standard_error,
               {"cannot load the kernels: " + (libraries / "harness_kernels.so").string()});
}

TEST_F(Installed, PutsItsResultsIntoTheWorkingFolder) {
  const auto result = run_installed({"--filter=countdown/native/", "--out=here"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(files_in(folder().path() / "elsewhere/here"), std::vector<std::string>{"result.json"});
}

// Started within one second, each has a folder of its own.
TEST_F(Installed, OverwritesNoResultsOfAnotherRun) {
  Command without_out = installed({"--filter=countdown/native/"});
  std::erase_if(without_out.argv, [](const std::string& word) { return word.starts_with("--out="); });
  std::vector<Subprocess> runs;
  for (int i = 0; i < 3; ++i) runs.emplace_back(without_out);
  for (Subprocess& run : runs) EXPECT_EQ(run.wait(kPatience).exit_code, 0);
  EXPECT_EQ(files_in(folder().path() / "elsewhere/results").size(), 3U);
}

}  // namespace
}  // namespace harness
