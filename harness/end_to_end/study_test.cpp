// harness/end_to_end/study_test.cpp: results/study.sh, which has the program run, compare and report.
#include <filesystem>
#include <sstream>

#include "harness/end_to_end/user_benchmarks_fixture.h"
#include "harness/system/text.h"
#include "harness/testing/skip.h"

namespace harness {
namespace {

namespace fs = std::filesystem;

class Study : public ProgramTest {
 protected:
  /// One that is built with a JIT would have two runs.
  static constexpr const char* kDefault = HARNESS_LIBPYTHON ",PYTHON_JIT=0";

  ProcessResult study(const Arguments& arguments) const {
    Command script = command({});
    script.environment["HARNESS"] = HARNESS_PROGRAM;
    script.argv = {HARNESS_RESULTS_FOLDER "/study.sh"};
    script.argv.insert(script.argv.end(), arguments.begin(), arguments.end());
    return run_subprocess(script, 2 * kPatience);
  }

  /// What it says that it runs, beside what the program says.
  static std::vector<std::string> steps_of(const ProcessResult& result) {
    std::vector<std::string> steps;
    std::istringstream lines(result.standard_error);
    for (std::string line; std::getline(lines, line);) {
      const std::string own = "study.sh: ";
      if (line.starts_with(own)) steps.push_back(line.substr(own.size()));
    }
    return steps;
  }

  void expect_refused(const Arguments& arguments, const std::string& why) const {
    const auto result = study(arguments);
    EXPECT_EQ(result.exit_code, 2) << result.standard_error;
    EXPECT_EQ(result.standard_error, "study.sh: " + why + "\n");
    EXPECT_FALSE(fs::exists(folder().path() / "s"));
  }
};

using Steps = std::vector<std::string>;

TEST_F(Study, ComparesAndMakesAPageAndRepeatsNothing) {
  const std::string python = kDefault;
  Arguments arguments{"--out=s",
                      "--parts=contention,timeline",
                      "one=" + python,
                      "two=" + python,
                      "--",
                      "--rounds=1",
                      "--repetitions=1",
                      "--min-time=0.001",
                      "--countdown-steps=20000"};
  const auto result = study(arguments);
  EXPECT_EQ(steps_of(result), (Steps{"glance-1", "glance-2", "contention", "one/timeline", "two/timeline"}));
  const fs::path made = folder().path() / "s";
  if (result.exit_code == 0) {
    const std::string page = read_text_file(made / "study.html").value_or("");
    expect_holds(page, {"Is two faster than one?", "Times faster than plain Python on one thread",
                        "contention.dict_write", "one.json.gz"});
  } else {
    expect_holds(result.standard_error, {"it needs ", "apt-get install python3-"});
  }
  const auto rows = [&] {
    return Json::parse(read_text_file(made / "contention/comparison.json").value_or("null")).at("rows");
  };
  const Json before = rows();
  EXPECT_EQ(before.at(0).at("cells").size(), 2U);

  // What is there is not run again; what is not, is, and what was interrupted goes on.
  fs::remove_all(made / "two/timeline");
  fs::remove(made / "contention/done");
  EXPECT_EQ(steps_of(study(arguments)), (Steps{"contention", "two/timeline"}));
  EXPECT_TRUE(rows() == before);

  arguments.push_back("--countdown-steps=10000");
  const auto other = study(arguments);
  EXPECT_EQ(other.exit_code, 2);
  expect_holds(other.standard_error, {"a study with other interpreters, flags or another build"});
}

TEST_F(Study, OfOneInterpreterHasRuns) {
  const auto result = study({"--out=s", "--parts=workloads,timeline", kDefault, "--", "--repetitions=1",
                             "--min-time=0.001", "--countdown-steps=1000", "--sum-n=1000", "--size=32x24"});
  const Steps steps = steps_of(result);
  ASSERT_EQ(steps.size(), 3U) << result.standard_error;
  EXPECT_TRUE(steps[1].ends_with("/workloads"));
  EXPECT_TRUE(steps[2].ends_with("/timeline"));
  EXPECT_TRUE(fs::exists(folder().path() / "s" / steps[1] / "result.json"));
}

// Its threads wait for nothing, so that there is no timeline.
TEST_F(Study, OfAFreeThreadedOneNeedsNoTimeline) {
  for (const Interpreter& python : named_pythons()) {
    if (!python.free_threaded) continue;
    const auto result =
        study({"--out=s", "--parts=timeline", spec_of(python), "--", "--countdown-steps=1000"});
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    expect_holds(result.standard_error, {"/timeline\n", "study.sh: there is nothing to put on a page"});
    return;
  }
  skip_for_want_of(kFreeThreaded, "no free-threaded CPython is named");
}

TEST_F(Study, RefusesWhatItDoesNotKnow) {
  const std::string python = kDefault;
  expect_refused({python}, "give --out=DIR and one interpreter or more, for instance 3.13 3.14 3.14t");
  expect_refused({"--out=s"}, "give --out=DIR and one interpreter or more, for instance 3.13 3.14 3.14t");
  expect_refused({"--out=s", "--fast", python},
                 "--fast: give --out=DIR, interpreters, and behind -- flags for every run");
  for (const std::string parts : {"start,ways", ""}) {
    expect_refused({"--out=s", "--parts=" + parts, python},
                   "--parts=" + parts + ": it has workloads, contention, start, timeline");
  }
  expect_refused({"--out=s", python, "--", "--fail-if=slower:5%"},
                 "--fail-if=slower:5%: a study has its own");
}

TEST_F(Study, WantsALabelWhereTwoInterpretersHaveOneName) {
  const std::string python = kDefault;
  const auto result = study({"--out=s", "--parts=timeline", python, python});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(steps_of(result).size(), 3U);  // two glances and the refusal
  expect_holds(result.standard_error, {"study.sh: two interpreters are 3.", ": call them LABEL=SPEC\n"});
}

}  // namespace
}  // namespace harness
