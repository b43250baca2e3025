// harness/end_to_end/scripts_test.cpp: each of the project's scripts also runs alone.
#include "harness/end_to_end/test_program.h"

namespace harness {
namespace {

/// Small work for each script, as it is asked for on its own command line.
const std::map<std::string, ProgramTest::Arguments> kSmallWork{{"countdown.py", {"1000"}},
                                                               {"grayscale.py", {"8", "4"}},
                                                               {"grayscale_numpy_style.py", {"8", "4"}},
                                                               {"sum_of_squares.py", {"1000"}}};

class Scripts : public ProgramTest {
 protected:
  ProcessResult run_alone(const std::string& script, const Arguments& arguments) const {
    const std::string file = std::string(HARNESS_SCRIPTS_FOLDER) + "/" + script;
    Command python{.argv = {"/usr/bin/env", "python3", file}, .working_directory = folder().path()};
    python.argv.insert(python.argv.end(), arguments.begin(), arguments.end());
    return run_subprocess(python, kPatience);
  }
};

TEST_F(Scripts, RunAlone) {
  if (!run_subprocess({.argv = {"/usr/bin/env", "python3", "-c", ""}}, kPatience).succeeded()) {
    GTEST_SKIP() << "there is no python3";
  }
  for (const std::string& script : files_in(HARNESS_SCRIPTS_FOLDER)) {
    if (!script.ends_with(".py")) continue;
    ASSERT_TRUE(kSmallWork.contains(script)) << script << " needs small work in this test";
    const auto result = run_alone(script, kSmallWork.at(script));
    if (result.standard_error.find("No module named 'numpy'") != std::string::npos) continue;
    EXPECT_EQ(result.exit_code, 0) << script << ": " << result.standard_error;
    EXPECT_EQ(result.standard_error, "") << script;
    const std::string name = script.substr(0, script.size() - 3);
    EXPECT_TRUE(result.standard_output.starts_with(name + ": ")) << result.standard_output;
  }
}

}  // namespace
}  // namespace harness
