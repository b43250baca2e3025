// harness/end_to_end/user_kernels_test.cpp: --kernel with the project's example, and with every way to get it
// wrong.
#include <csignal>
#include <thread>

#include "harness/end_to_end/test_program.h"

namespace harness {
namespace {

class UserKernels : public ProgramTest {
 protected:
  static std::string kernel(const std::string& name) {
    return std::string(HARNESS_KERNELS_FOLDER) + "/lib" + name + ".so";
  }

  /// Runs `file` beside the native row, which must go on, and expects the row `mine` to fail with `error`.
  void expect_row_fails(const std::string& file, const std::string& error) const {
    SCOPED_TRACE(file);
    const auto result = run({"--filter=grayscale/(native|mine)/", "--kernel=" + file});
    EXPECT_EQ(result.exit_code, 1);
    expect_no_crash(result);
    EXPECT_EQ(rows_of(saved(), "grayscale/"),
              (NamedErrors{{"grayscale/native/threads:1", ""}, {"grayscale/mine/threads:2", error}}));
    expect_holds(result.standard_error, {"grayscale/mine/threads:2 failed: " + error});
  }
};

TEST_F(UserKernels, AreVerifiedTimedAndReportedLikeTheProgramsOwn) {
  const auto result =
      run({"--filter=grayscale/(python/|mine)", "--kernel=" + kernel("example_kernel"), "--threads=1,2,3"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  const auto json = saved();
  EXPECT_EQ(failed_of(json), std::vector<std::string>{});
  std::size_t rows = 0;
  for (const Json& row : json.at("benchmarks").elements()) {
    if (!row.at("name").text().starts_with("grayscale/mine/")) continue;
    ++rows;
    for (const char* const counter : {"speedup", "pixels_per_second", "bytes_per_second"}) {
      EXPECT_GT(row.at(counter).number(), 0) << counter;
    }
  }
  EXPECT_EQ(rows, 3U);
  EXPECT_TRUE(std::filesystem::exists(out() / "grayscale-mine.png"));
}

TEST_F(UserKernels, RunUntimedBeforeEachRepetition) {
  const auto result = run({"--filter=grayscale/mine", "--kernel=" + kernel("telling_kernel"), "--threads=1",
                           "--repetitions=3", "--min-time=0.000001"});  // a repetition is one iteration
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  constexpr std::size_t kVerified = 1, kRepetitions = 3, kTimed = 1;
  const std::size_t calls = count_of(result.standard_error, "the kernel is called");
  EXPECT_GE(calls, kVerified + kRepetitions * (9 + kTimed));  // see settle.cpp
  EXPECT_LE(calls, kVerified + kRepetitions * (64 + kTimed));
}

TEST_F(UserKernels, AreCalledOnTheCpusOfTheirThreadsWherePinned) {
  const auto result = run({"--filter=grayscale/mine", "--kernel=" + kernel("telling_kernel"), "--threads=1,2",
                           "--min-time=0.000001", "--pin"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  const std::size_t calls = count_of(result.standard_error, "the kernel is called");
  const std::size_t on_one = count_of(result.standard_error, "the kernel is called: 1 CPUs");
  EXPECT_GT(on_one, 0U);
  if (std::thread::hardware_concurrency() < 2) return;
  EXPECT_GT(count_of(result.standard_error, "the kernel is called: 2 CPUs"), 0U);
  EXPECT_EQ(on_one + count_of(result.standard_error, "the kernel is called: 2 CPUs"), calls);
}

TEST_F(UserKernels, AreARowOnlyWhereOneIsNamed) {
  EXPECT_EQ(count_of(run({"--list", "--filter=grayscale"}).standard_output, "mine"), 0U);
  EXPECT_EQ(count_of(run({"--list", "--filter=grayscale", "--kernel=any.so"}).standard_output, "mine"), 1U);
}

TEST_F(UserKernels, MayBeNamedRelativeToTheWorkingFolder) {
  std::filesystem::copy(kernel("example_kernel"), folder().path() / "libmine.so");
  EXPECT_EQ(run({"--filter=grayscale/mine", "--kernel=libmine.so"}).exit_code, 0);
}

TEST_F(UserKernels, ThatCannotBeUsedFailTheirRowAndNoOther) {
  expect_row_fails("missing.so", "--kernel=missing.so: there is no such file");
  const std::string other = folder().write("text.so", "no library").string();
  const auto result = run({"--filter=grayscale/mine", "--kernel=" + other});
  EXPECT_EQ(result.exit_code, 1);
  expect_holds(result.standard_error, {"--kernel=" + other + ": it cannot be loaded: "});
  std::string file = kernel("broken_without_version");
  expect_row_fails(file, "--kernel=" + file +
                             ": it does not define harness_kernel_version, as harness_kernel.h says " +
                             "it must");
  file = kernel("broken_other_version");
  expect_row_fails(file, "--kernel=" + file +
                             ": it was made for version 7 of harness_kernel.h, and this is 1; build " +
                             "it anew");
  file = kernel("broken_without_function");
  expect_row_fails(
      file, "--kernel=" + file + ": it does not define harness_grayscale, as harness_kernel.h says it must");
}

TEST_F(UserKernels, ThatReturnAnErrorFailTheirRow) {
  expect_row_fails(kernel("broken_error"), "the kernel returned error 42");
}

TEST_F(UserKernels, ThatGiveAWrongResultAreNotTimed) {
  const auto result = run({"--filter=grayscale/mine", "--kernel=" + kernel("broken_result")});
  EXPECT_EQ(result.exit_code, 1);
  expect_holds(result.standard_error, {"grayscale/mine/threads:2 failed: wrong result: the kernel ",
                                       " of 3072 pixels are wrong; the first, x "});
}

// As harness_kernel.h says: nothing is caught.
TEST_F(UserKernels, ThatCrashEndTheProcess) {
  const auto result = run({"--filter=grayscale/(native/|mine)", "--kernel=" + kernel("broken_crash")});
  EXPECT_EQ(result.signal, SIGSEGV);
}

}  // namespace
}  // namespace harness
