// harness/cli/python_spec_test.cpp: a path with "=" taken for a label, two interpreters of one name.
#include "harness/cli/python_spec.h"

#include <gtest/gtest.h>

#include "harness/error.h"
#include "harness/testing/assertions.h"

namespace harness::python_spec_test {
namespace {

using Environment = std::vector<std::pair<std::string, std::string>>;

std::string refusal_of(const std::vector<std::string>& texts) {
  return error_of([&] { parse_python_specs(texts); });
}

TEST(PythonSpec, IsAVersionAPathOrACommand) {
  EXPECT_EQ(parse_python_spec("3.13t").spec, "3.13t");
  EXPECT_EQ(parse_python_spec("3.13t").label, "3.13t");
  EXPECT_EQ(parse_python_spec("/opt/py/bin/python3").spec, "/opt/py/bin/python3");
  EXPECT_EQ(parse_python_spec("/opt/py/bin/python3").label, "python3");
  EXPECT_TRUE(parse_python_spec("3.13").environment.empty());
}

TEST(PythonSpec, MayHaveALabelAndAnEnvironment) {
  const PythonSpec spec = parse_python_spec("gil=3.13t,PYTHON_GIL=1,X_2=a=b");
  EXPECT_EQ(spec.label, "gil");
  EXPECT_EQ(spec.spec, "3.13t");
  EXPECT_EQ(spec.environment, (Environment{{"PYTHON_GIL", "1"}, {"X_2", "a=b"}}));
}

TEST(PythonSpec, MayHaveAnEnvironmentWithoutALabel) {
  EXPECT_EQ(parse_python_spec("3.13t,PYTHON_GIL=1").label, "3.13t");
  EXPECT_EQ(parse_python_spec("3.13t,EMPTY=").environment, (Environment{{"EMPTY", ""}}));
}

TEST(PythonSpec, TakesAnEqualsSignAfterASlashForPartOfThePath) {
  EXPECT_EQ(parse_python_spec("/opt/a=b/python").spec, "/opt/a=b/python");
  EXPECT_EQ(parse_python_spec("mine=/opt/a=b/python").label, "mine");
}

TEST(PythonSpec, MakesALabelThatCanNameAFile) {
  EXPECT_EQ(parse_python_spec("/opt/my python").label, "my-python");
}

TEST(PythonSpec, RefusesWhatIsNoLabelOrNoVariable) {
  for (const char* text : {"=3.13", "a b=3.13", ".x=3.13", "-x=3.13", "3.13,PYTHON_GIL", "3.13,1X=2",
                           "3.13,=1", "3.13,A=1,A=2"}) {
    EXPECT_TRUE(contains(refusal_of({text}), "--python=" + std::string(text))) << text;
  }
}

TEST(PythonSpecs, RefuseTwoOfOneLabel) {
  EXPECT_TRUE(contains(refusal_of({"3.13", "3.13"}), "give each a label"));
  EXPECT_TRUE(contains(refusal_of({"/a/python3", "/b/python3"}), "give each a label"));
  EXPECT_EQ(refusal_of({"a=3.13", "b=3.13"}), "");
}

TEST(PythonSpecs, RefuseAHundred) {
  std::vector<std::string> texts;
  for (int i = 0; i < 100; ++i) texts.push_back("p" + std::to_string(i) + "=3.13");
  EXPECT_TRUE(contains(refusal_of(texts), "given 100 times; at most 32"));
}

TEST(PythonSpecs, HaveCommasInPathsThatAreWrittenSo) {
  const PythonSpec spec = parse_python_spec("a=/opt/one\\,two/python3,X=1\\,2,Y=\\n");
  EXPECT_EQ(spec.spec, "/opt/one,two/python3");
  EXPECT_EQ(spec.environment, (std::vector<std::pair<std::string, std::string>>{{"X", "1,2"}, {"Y", "\\n"}}));
  EXPECT_EQ(parse_python_spec(spec_of_path("/opt/a,b,/c")).spec, "/opt/a,b,/c");
}

TEST(PythonSpecs, HaveNoLabelThatNamesAnothersFile) {
  using Texts = std::vector<std::string>;
  EXPECT_THROW(parse_python_specs({"comparison=3.11", "b=3.12"}), UserError);
  EXPECT_THROW(parse_python_specs({"a=3.11", "result=3.12"}), UserError);
  EXPECT_THROW(parse_python_specs({"x=3.11", "x.pyperf=3.12"}), UserError);
  EXPECT_THROW(parse_python_specs({"x.pyperf=3.11", "x=3.12"}), UserError);
  EXPECT_EQ(parse_python_specs(Texts{"x.pyperf=3.11", "y=3.12"}).size(), 2U);
}

}  // namespace
}  // namespace harness::python_spec_test
