// harness/testing/python_cases.cpp: a test starts a process for each interpreter and collects what it says.
#include "harness/testing/python_cases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <iostream>
#include <set>
#include <string_view>

#include "harness/interpreter/libpython.h"
#include "harness/system/subprocess.h"
#include "harness/testing/pythons.h"
#include "harness/testing/skip.h"

namespace harness {
namespace {

constexpr int kSkipped = 77;
constexpr std::chrono::seconds kPatience{60};  // far more than any case needs

/// Why a case was skipped, as GoogleTest has written it.
std::string reason_in(const std::string& output) {
  constexpr std::string_view kBefore = ": Skipped\n";
  const std::size_t found = output.find(kBefore);
  if (found == std::string::npos) return "it does not say why";
  const std::size_t begin = found + kBefore.size();
  return output.substr(begin, output.find('\n', begin) - begin);
}

class OnEachPython : public testing::Test {
 public:
  OnEachPython(const PythonCase& each, const PythonCaseOptions& options) : case_(each), options_(options) {}

 private:
  void TestBody() override {
    std::size_t skipped = 0;
    std::set<std::string> reasons;
    const std::vector<Interpreter> pythons = hosted_pythons();
    for (const Interpreter& python : pythons) {
      const ProcessResult result = run_subprocess(command(python), kPatience);
      std::cout << describe(python) << "\n" << result.standard_output << result.standard_error << std::flush;
      EXPECT_FALSE(result.timed_out) << describe(python);
      if (result.exit_code == kSkipped) {
        ++skipped;
        reasons.insert(reason_in(result.standard_output));
      } else {
        EXPECT_EQ(result.exit_code, 0) << describe(python) << ", signal " << result.signal;
      }
    }
    if (skipped < pythons.size()) return;
    std::string why;
    for (const std::string& reason : reasons) why += (why.empty() ? "" : "; ") + reason;
    skip_for_want_of(case_.required, why);
  }

  Command command(const Interpreter& python) const {
    Command command{.argv = {std::filesystem::read_symlink("/proc/self/exe"), case_.name, python.libpython,
                             python.executable}};
    if (options_.environment) command.environment = options_.environment(python);
    command.environment["ASAN_OPTIONS"] = "detect_leaks=0";  // CPython keeps some memory to the end
    return command;
  }

  const PythonCase& case_;
  const PythonCaseOptions& options_;
};

class FreeThreadedIsAmongThem : public testing::Test {
  void TestBody() override {
    const std::vector<Interpreter> pythons = hosted_pythons();
    if (std::ranges::none_of(pythons, &Interpreter::free_threaded)) {
      skip_for_want_of(kFreeThreaded, "HARNESS_TEST_PYTHONS names no free-threaded CPython");
    }
  }
};

int run_here(const PythonCase& chosen, const char* libpython, const char* executable) {
  Interpreter python = identify_libpython(libpython);
  python.executable = executable;
  try {
    chosen.run(python);
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
  if (testing::UnitTest::GetInstance()->Failed()) return 1;
  return testing::UnitTest::GetInstance()->ad_hoc_test_result().Skipped() ? kSkipped : 0;
}

}  // namespace

int run_python_cases(int argc, char** argv, const std::string& suite, const std::vector<PythonCase>& cases,
                     const PythonCaseOptions& options) {
  testing::InitGoogleTest(&argc, argv);
  if (argc > 1) {
    for (const auto* const list : {&cases, &options.by_hand}) {
      for (const PythonCase& each : *list) {
        if (each.name == argv[1] && argc > 2) return run_here(each, argv[2], argc > 3 ? argv[3] : "");
      }
    }
    std::cerr << "usage: CASE LIBPYTHON [EXECUTABLE], or GoogleTest's flags\n";
    return 2;
  }
  const auto add = [&](const std::string& name, const std::function<testing::Test*()>& make) {
    testing::RegisterTest(suite.c_str(), name.c_str(), nullptr, nullptr, __FILE__, __LINE__, make);
  };
  for (const PythonCase& each : cases) {
    add(each.name, [&] { return new OnEachPython(each, options); });
  }
  add("runs_on_a_free_threaded_build", [] { return new FreeThreadedIsAmongThem; });
  return RUN_ALL_TESTS();
}

}  // namespace harness
