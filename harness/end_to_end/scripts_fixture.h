// harness/end_to_end/scripts_fixture.h: runs of scripts that a test has written.
#pragma once

#include <filesystem>
#include <string>

#include "harness/end_to_end/test_program.h"

namespace harness {

class ScriptsTest : public ProgramTest {
 protected:
  /// The project's own scripts, but for what `countdown_py` replaces.
  std::filesystem::path scripts_with(const std::string& countdown_py) const {
    const auto scripts = folder().path() / "scripts";
    std::filesystem::copy(HARNESS_SCRIPTS_FOLDER, scripts);
    folder().write("scripts/countdown.py", countdown_py);
    return scripts;
  }

  ProcessResult run_with(const std::filesystem::path& scripts, const Arguments& more = {}) const {
    Arguments arguments{"--filter=countdown/(python|native|openmp)|sum_of_squares/python/",
                        "--scripts=" + scripts.string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
};

}  // namespace harness
