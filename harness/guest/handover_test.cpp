// harness/guest/handover_test.cpp: a guest that is told something else than the host meant, and an executable
// that was entered in vain.
#include "harness/guest/handover.h"

#include <gtest/gtest.h>

#include "harness/system/subprocess.h"

namespace harness {
namespace {

using namespace std::chrono_literals;

Handover handover_to(const std::string& version, bool free_threaded, bool debug) {
  Interpreter interpreter;
  interpreter.executable = "/opt/python/bin/python3";
  interpreter.implementation = "cpython";
  interpreter.version = version;
  interpreter.major = 3;
  interpreter.minor = version.starts_with("3.12") ? 12 : 14;
  interpreter.free_threaded = free_threaded;
  interpreter.debug = debug;
  return {.program = "/opt/harness/bin/harness",
          .interpreter = interpreter,
          .arguments = {"./harness", "--filter=a b", "", "-c"}};
}

TEST(Handover, ReachesTheGuest) {
  for (const Handover& sent : {handover_to("3.12.4", false, false), handover_to("3.14.0rc2+", true, true)}) {
    const auto received = from_argv(to_argv(sent));
    ASSERT_TRUE(received);
    EXPECT_EQ(received->program, sent.program);
    EXPECT_EQ(received->arguments, sent.arguments);
    const Interpreter& interpreter = received->interpreter;
    EXPECT_TRUE(interpreter.guest);
    EXPECT_EQ(interpreter.executable, sent.interpreter.executable);
    EXPECT_EQ(interpreter.libpython, "");
    EXPECT_EQ(interpreter.version, sent.interpreter.version);
    EXPECT_EQ(interpreter.minor, sent.interpreter.minor);
    EXPECT_EQ(interpreter.free_threaded, sent.interpreter.free_threaded);
    EXPECT_EQ(interpreter.debug, sent.interpreter.debug);
    EXPECT_EQ(why_unsupported(interpreter), "");
  }
}

TEST(Handover, IsNoOtherCommandLine) {
  std::vector<std::string> cut = to_argv(handover_to("3.12.4", false, false));
  cut.resize(8);
  for (const std::vector<std::string>& argv : {std::vector<std::string>{},
                                               {"python3"},
                                               {"python3", "-c", "print()", "a", "b", "c", "d", "e", "f"},
                                               cut}) {
    EXPECT_FALSE(from_argv(argv));
  }
}

// As where the loader ignores LD_PRELOAD.
TEST(Handover, IsAnErrorOfItsOwnToAPythonThatReadsIt) {
  constexpr const char* kPython = "/usr/bin/python3";
  if (!std::filesystem::exists(kPython)) GTEST_SKIP() << "there is no " << kPython;
  std::vector<std::string> argv = to_argv(handover_to("3.12.4", false, false));
  argv.front() = kPython;
  const ProcessResult result = run_subprocess({.argv = argv}, 60s);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.standard_output, "");
  EXPECT_TRUE(result.standard_error.starts_with("harness: --python=/usr/bin/python3: "))
      << result.standard_error;
  EXPECT_NE(result.standard_error.find("cannot be a guest"), std::string::npos) << result.standard_error;
  EXPECT_EQ(result.standard_error.find("Traceback"), std::string::npos) << result.standard_error;
}

}  // namespace
}  // namespace harness
