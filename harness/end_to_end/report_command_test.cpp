// harness/end_to_end/report_command_test.cpp: harness report, up to what the page is made of; the page itself
// is harness/report_page/browser_test.py's.
#include <filesystem>

#include "harness/end_to_end/test_program.h"
#include "harness/system/text.h"

namespace harness {
namespace {

class ReportCommand : public ProgramTest {
 protected:
  static constexpr const char* kQuick = "--min-time=0.001";
  const std::string kLibpython = HARNESS_LIBPYTHON;

  /// Each sentence of the parts that are reported, and each answer of a comparison's.
  std::vector<std::string> told_by(const Arguments& operands) const {
    Arguments arguments{"report", "--out=page.json"};
    arguments.insert(arguments.end(), operands.begin(), operands.end());
    const auto result = run_as_it_is(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    EXPECT_EQ(result.standard_output, "page.json\n");
    const Json page = Json::parse(read_text_file(folder().path() / "page.json").value_or("null"));
    std::vector<std::string> told;
    for (const Json& part : page.at("parts").elements()) {
      for (const Json& section : part.at("document").at("sections").elements()) {
        for (const Json& sentence : section.at("sentences").elements()) {
          // Which rows have no account is said where accounts are shown.
          if (!sentence.text().starts_with("no account")) told.push_back(sentence.text());
        }
      }
      if (part.at("kind") == "run") continue;
      for (const Json& answer : part.at("answers").elements()) told.push_back(answer.at(1).text());
    }
    return told;
  }

  /// Without the flags that other runs of tests have.
  ProcessResult run_as_it_is(const Arguments& arguments) const {
    Command plain = command({});
    plain.argv = {HARNESS_PROGRAM};
    plain.argv.insert(plain.argv.end(), arguments.begin(), arguments.end());
    return run_subprocess(plain, kPatience);
  }

  void expect_refused(const Arguments& operands, const std::string& why) const {
    Arguments arguments{"report"};
    arguments.insert(arguments.end(), operands.begin(), operands.end());
    const auto result = run_as_it_is(arguments);
    EXPECT_EQ(result.exit_code, 2);
    expect_holds(result.standard_error, {"harness: ", why});
    EXPECT_FALSE(std::filesystem::exists(folder().path() / "report.html"));
  }
};

// What is stored has what the run said.
TEST_F(ReportCommand, SaysOfAStoredRunWhatTheRunSaid) {
  folder().write("mine.py", "ITEMS = 7\ndef bench_it():\n    return sum(range(2000))\n");
  const auto result = run_as_it_is({"--filter=countdown/(python|native)|grayscale/(python|openmp)|^mine",
                                    "--workload=mine.py", "--threads=1,2", kQuick, "--countdown-steps=20000",
                                    "--size=64x48", "--out=run"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const std::vector<std::string> told = told_by({"run"});
  EXPECT_EQ(told.size(), 3U) << "of three workloads";
  const std::string printed = in_one_line(result.standard_output);
  for (const std::string& sentence : told) expect_holds(printed, {sentence});
  expect_holds(in_one_line(told_by({"run/result.json"}).at(0)), {told.at(0)});
}

TEST_F(ReportCommand, SaysOfAComparisonWhatItSaid) {
  const auto result =
      run_as_it_is({"--python=a=" + kLibpython, "--python=b=" + kLibpython, "--rounds=2", kQuick,
                    "--filter=countdown/python/", "--countdown-steps=20000", "--out=comparison"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const std::vector<std::string> told = told_by({"comparison"});
  ASSERT_EQ(told.size(), 1U);
  expect_holds(told.front(), {"Of one row 1 "});
  EXPECT_EQ(told_by({"comparison/comparison.json"}), told);
}

TEST_F(ReportCommand, RefusesWhatItCannotShow) {
  folder().write("text", "no JSON");
  std::filesystem::create_directory(folder().path() / "empty");
  expect_refused({"missing"}, "missing: there is no such file or folder");
  expect_refused({"text"}, "text: it is no JSON");
  expect_refused({"empty"}, "empty: it has no result.json and no comparison.json");
  expect_refused({}, "PATH is required");
}

TEST_F(ReportCommand, CannotWriteWhereThereIsNoFolder) {
  ASSERT_EQ(
      run_as_it_is({"--filter=countdown/python/", kQuick, "--countdown-steps=2000", "--out=run"}).exit_code,
      0);
  const auto result = run_as_it_is({"report", "run", "--out=none/page.json"});
  EXPECT_EQ(result.exit_code, 2);
  expect_holds(result.standard_error, {"none/page.json cannot be written"});
}

TEST_F(ReportCommand, NeverWritesOverWhatItIsMadeOf) {
  ASSERT_EQ(
      run_as_it_is({"--filter=countdown/python/", kQuick, "--countdown-steps=2000", "--out=run"}).exit_code,
      0);
  const std::string before = read_text_file(folder().path() / "run/result.json").value_or("");
  for (const std::string operand : {"run", "run/result.json"}) {
    const auto result = run_as_it_is({"report", operand, "--out=run/result.json"});
    EXPECT_EQ(result.exit_code, 2);
    expect_holds(result.standard_error, {"it would be written over what the page is made of"});
  }
  EXPECT_EQ(read_text_file(folder().path() / "run/result.json"), before);
  expect_holds(run_as_it_is({"report", "run", "--out=page.pdf"}).standard_error,
               {"ends in .html, or in .json"});
}

// Whatever Python there is, or none: what would mend it is said, and nothing of the page.
TEST_F(ReportCommand, NamesThePackagesWhereNoPythonDraws) {
  ASSERT_EQ(
      run_as_it_is({"--filter=countdown/python/", kQuick, "--countdown-steps=2000", "--out=run"}).exit_code,
      0);
  folder().write("lacking", "#!/bin/sh\nexec /usr/bin/env python3 -S \"$@\"\n");
  std::filesystem::permissions(folder().path() / "lacking", std::filesystem::perms::owner_all);
  for (const auto& [python, words] :
       {std::pair<std::string, std::string>{"/none/python3", "there is no /none"},
        {"./lacking", "./lacking: it needs matplotlib and Jinja2: "}}) {
    Command command = this->command({});
    command.argv = {HARNESS_PROGRAM, "report", "run"};
    command.environment["HARNESS_REPORT_PYTHON"] = python;
    const auto result = run_subprocess(command, kPatience);
    EXPECT_EQ(result.exit_code, 2);
    expect_holds(result.standard_error,
                 {"harness: report: ", words, "apt-get install python3-matplotlib python3-jinja2",
                  "pip install matplotlib Jinja2"});
    EXPECT_EQ(count_of(result.standard_error, "\n"), 1U);
    EXPECT_FALSE(std::filesystem::exists(folder().path() / "report.html"));
  }
  // Without a python3 on the path it is the system's, where that can.
  Command command = this->command({});
  command.argv = {HARNESS_PROGRAM, "report", "run"};
  command.environment["PATH"] = "/none";
  const auto result = run_subprocess(command, kPatience);
  const bool drawn = std::filesystem::exists(folder().path() / "report.html");
  EXPECT_EQ(result.exit_code, drawn ? 0 : 2) << result.standard_error;
  EXPECT_EQ(result.standard_error.find("cannot be written"), std::string::npos) << result.standard_error;
  if (!drawn) expect_holds(result.standard_error, {"python3-matplotlib python3-jinja2"});
}

TEST_F(ReportCommand, FailsWhereThePageWasNotWritten) {
  ASSERT_EQ(
      run_as_it_is({"--filter=countdown/python/", kQuick, "--countdown-steps=2000", "--out=run"}).exit_code,
      0);
  Command command = this->command({});
  command.argv = {HARNESS_PROGRAM, "report", "run"};
  command.environment["HARNESS_REPORT_PYTHON"] = "/bin/true";
  const auto result = run_subprocess(command, kPatience);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.standard_output, "");
  expect_holds(result.standard_error,
               {"harness: report: /bin/true ended without an error and has not written ", "report.html",
                "HARNESS_REPORT_PYTHON"});
}

// A Python without its site-packages has neither.
TEST_F(ReportCommand, NamesThePackagesThatAreMissing) {
  const auto result = run_subprocess({.argv = {"/usr/bin/env", "python3", "-S",
                                               std::string(HARNESS_RESULTS_FOLDER) + "/report.py", "a", "b"}},
                                     kPatience);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(
      result.standard_error,
      "it needs matplotlib and Jinja2: apt-get install python3-matplotlib python3-jinja2, or in a virtual "
      "environment: pip install matplotlib Jinja2\n");
}

}  // namespace
}  // namespace harness
