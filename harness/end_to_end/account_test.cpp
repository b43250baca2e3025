// harness/end_to_end/account_test.cpp: where the threads' time went, as a user meets it: in result.json and
// on the console.
#include "harness/end_to_end/scripts_fixture.h"
#include "harness/testing/pythons.h"
#include "harness/testing/skip.h"

namespace harness {
namespace {

/// What is in a row's account besides the parts.
bool is_part(const std::string& name) {
  return name.starts_with("account_") && name != "account_cpu" && name != "account_cpu_ns" &&
         name != "account_other_threads" && name != "account_baseline_interval";
}

double sum_of_parts(const Json& row) {
  double sum = 0;
  for (const auto& [name, value] : row.items()) {
    if (is_part(name)) sum += value.number();
  }
  return sum;
}

class Account : public ScriptsTest {
 protected:
  /// The row of that name, of the last run.
  Json row(const std::string& name) const {
    for (const Json& each : saved().at("benchmarks").elements()) {
      if (each.at("name") == name) return each;
    }
    ADD_FAILURE() << "there is no row " << name;
    return {};
  }

  /// countdown on one and two threads, which a script does so.
  Json threads_of(const std::string& countdown_py, const Arguments& more = {}) const {
    Arguments arguments{"--filter=countdown/python", "--threads=1,2", "--countdown-steps=100000"};
    arguments.push_back("--scripts=" + scripts_with(countdown_py).string());
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    return row("countdown/python_threads/threads:2");
  }
};

TEST_F(Account, PartsAddUpOnEveryInterpreter) {
  for (const Interpreter& interpreter : hosted_pythons()) {
    const std::string python =
        interpreter.executable.empty() ? interpreter.libpython.string() : interpreter.executable.string();
    SCOPED_TRACE(python);
    const auto result = run({"--python=" + python, "--filter=countdown/(python|native_gil_held/|openmp/)",
                             "--threads=1,2", "--countdown-steps=3000000", "--account=always"});
    ASSERT_EQ(result.exit_code, 0) << result.standard_error;
    const Json threads = row("countdown/python_threads/threads:2");
    ASSERT_TRUE(threads.contains("account_useful")) << threads.dump();
    EXPECT_NEAR(sum_of_parts(threads), 1, 1e-6) << threads.dump();
    EXPECT_NEAR(threads.at("account_useful").number() + threads.at("account_slower").number(),
                threads.at("account_cpu").number(), 1e-9);
    EXPECT_GT(threads.at("account_useful").number(), 0);
    EXPECT_GE(threads.at("account_idle").number(), 0);
    EXPECT_EQ(threads.contains("account_gil_wait"), threads.contains("gil_wait_share"));
    if (threads.contains("account_gil_wait")) {
      EXPECT_NEAR(threads.at("account_gil_wait").number(), threads.at("gil_wait_share").number(), 1e-6);
    }
    const Json one = row("countdown/python/threads:1");
    EXPECT_GT(one.at("account_cpu_ns").number(), 0);
    EXPECT_FALSE(one.contains("account_idle")) << "one thread has nothing to account for";
    expect_holds(row("countdown/openmp/threads:2").text("label", ""), {"no account (threads of its own)"});
    expect_holds(result.standard_output, {"where the threads' time went", "█ useful",
                                          "no account of openmp/threads:2: threads of its own"});
  }
}

TEST_F(Account, SaysThatAThreadWasBlockedOrHadNothingLeftToDo) {
  const Json sleepers = threads_of(
      "import time\n"
      "def run(begin, end):\n"
      "    time.sleep(0.05 if begin == 0 else 0.02)\n"
      "    return end - begin\n");
  ASSERT_TRUE(sleepers.contains("account_blocked")) << sleepers.dump();
  EXPECT_GT(sleepers.at("account_blocked").number() + sleepers.number("account_not_scheduled", 0), 0.5);
  EXPECT_GT(sleepers.at("account_idle").number(), 0.1);
  EXPECT_LT(sleepers.at("account_cpu").number(), 0.3);
}

TEST_F(Account, SaysWhatThreadsOfTheScriptsOwnHad) {
  const Json row = threads_of(
      "import threading\n"
      "def part(steps):\n"
      "    while steps:\n"
      "        steps -= 1\n"
      "def run(begin, end):\n"
      "    thread = threading.Thread(target=part, args=(500000,))\n"
      "    thread.start()\n"
      "    thread.join()\n"
      "    return end - begin\n");
  EXPECT_GT(row.number("account_other_threads", 0), 0.02) << row.dump();
}

TEST_F(Account, NeedsARowOnOneThreadToCompareWith) {
  const auto result = run({"--filter=countdown/python_threads/", "--countdown-steps=3000000"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  const Json threads = row("countdown/python_threads/threads:2");
  EXPECT_FALSE(threads.contains("account_useful")) << threads.dump();
  EXPECT_TRUE(threads.contains("account_cpu")) << threads.dump();
  expect_holds(threads.text("label", ""), {"no account (no row on one thread to compare with)"});
}

TEST_F(Account, IsNoneWhereTheGilIsThereAndNotTraced) {
  const auto result =
      run({"--filter=countdown/python", "--countdown-steps=3000000", "--threads=1,2", "--no-gil-trace"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  if (saved().at("context").at("gil_enabled") != "true")
    return skip_for_want_of(kAGil, "the default interpreter has no GIL");
  const Json threads = row("countdown/python_threads/threads:2");
  EXPECT_FALSE(threads.contains("account_cpu")) << threads.dump();
  expect_holds(threads.text("label", ""), {"no account (the GIL is not traced)"});
  EXPECT_EQ(result.standard_error.find("account"), std::string::npos)
      << "nobody is warned of what was asked for";
}

}  // namespace
}  // namespace harness
