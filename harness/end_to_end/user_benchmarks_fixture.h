// harness/end_to_end/user_benchmarks_fixture.h: runs of a user's own file, --workload=FILE.py.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/end_to_end/test_program.h"
#include "harness/testing/pythons.h"

namespace harness {

inline std::string spec_of(const Interpreter& interpreter) {
  return (interpreter.executable.empty() ? interpreter.libpython : interpreter.executable).string();
}

class UserBenchmarks : public ProgramTest {
 protected:
  void SetUp() override { folder().write("beside.py", "def double(x):\n    return 2 * x\n"); }

  /// Runs the file of this text, mine.py.
  ProcessResult run_text(const std::string& text, const Arguments& more = {},
                         const Environment& environment = {}) const {
    folder().write("mine.py", text);
    Arguments arguments{"--workload=mine.py"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments, environment);
  }

  Json row(const std::string& name) const {
    for (const Json& each : saved().at("benchmarks").elements()) {
      if (each.at("name") == name) return each;
    }
    ADD_FAILURE() << "there is no row " << name;
    return {};
  }

  /// Standard error names the file and holds these; nothing is written.
  void expect_text_refused(const std::string& text, const std::vector<std::string>& parts) const {
    SCOPED_TRACE(text);
    const auto result = run_text(text);
    EXPECT_EQ(result.exit_code, 2) << result.standard_error;
    expect_holds(result.standard_error, {"harness: --workload=mine.py: "});
    expect_holds(result.standard_error, parts);
    EXPECT_EQ(result.standard_output, "");
    EXPECT_FALSE(std::filesystem::exists(out()));
  }

  /// The row on one thread and the one on two fail with this error.
  void expect_failure(const std::string& text, const std::vector<std::string>& parts,
                      const std::string& name = "mine.it/python_threads/threads:2") const {
    SCOPED_TRACE(text);
    const auto result = run_text(text);
    EXPECT_EQ(result.exit_code, 1) << result.standard_error;
    expect_holds(row(name).text("error_message", ""), parts);
  }
};

}  // namespace harness
