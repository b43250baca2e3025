// harness/compare/child_test.cpp: a process that ended badly and is taken for one that did not.
#include "harness/compare/child.h"

#include <gtest/gtest.h>

#include <csignal>

#include "harness/system/test_folder.h"

namespace harness {
namespace {

using namespace std::chrono_literals;

class ChildTest : public testing::Test {
 protected:
  std::string failure_of(ProcessResult result) const {
    return end_of_child(result, folder_.path(), 1500ms).failure;
  }
  void write_result() const { folder_.write("result.json", "{}"); }

  TestFolder folder_;
};

TEST_F(ChildTest, HasAResultWhereItEndedOfItself) {
  write_result();
  EXPECT_EQ(failure_of({.exit_code = 0}), "");
  EXPECT_EQ(failure_of({.exit_code = 1}), "");  // an experiment failed, which its row says
}

TEST_F(ChildTest, FailedWhereItWasKilledAlthoughItLeftAResult) {
  write_result();
  EXPECT_EQ(failure_of({.exit_code = -1, .signal = SIGSEGV}), "crashed (SIGSEGV)");
  EXPECT_EQ(failure_of({.exit_code = -1, .signal = SIGKILL}),
            "killed (SIGKILL, as the kernel does where memory runs out)");
  EXPECT_EQ(failure_of({.exit_code = -1, .signal = SIGKILL, .timed_out = true}),
            "hung: killed after 1.50 s (--timeout)");
  EXPECT_EQ(failure_of({.exit_code = 130}), "ended with status 130 and no result");
}

TEST_F(ChildTest, FailedWhereItLeftNoResultAndSaysWhatItSaidLast) {
  EXPECT_EQ(failure_of({.exit_code = 1, .standard_error = "warning\nFatal Python error: init\n\n"}),
            "ended with status 1 and no result: Fatal Python error: init");
}

TEST_F(ChildTest, RefusedItsCommandLine) {
  const ChildEnd end = end_of_child({.exit_code = 2, .standard_error = "harness: --image: no such file\n"},
                                    folder_.path(), 1s);
  EXPECT_EQ(end.user_error, "--image: no such file");
  EXPECT_EQ(end.failure, "");
}

}  // namespace
}  // namespace harness
