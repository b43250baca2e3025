// harness/compare/context_differences_test.cpp: another machine that goes unsaid, an interpreter that is
// warned of.
#include "harness/compare/context_differences.h"

#include <gtest/gtest.h>

#include "harness/report/context.h"

namespace harness {
namespace {

TEST(DifferencesOf, AreNamedWithBothValues) {
  const std::vector<Context> contexts{{{"cpu_model", "A"}, {"image_sha256", "1"}},
                                      {{"cpu_model", "B"}, {"image_sha256", "1"}},
                                      {{"cpu_model", "A"}, {"image_sha256", "2"}}};
  EXPECT_EQ(
      differences_of(contexts, {"x", "y", "z"}, {}),
      (std::vector<std::string>{"another CPU: x has A, y has B", "another image SHA-256: x has 1, z has 2"}));
}

TEST(DifferencesOf, AreOfWhatWorkloadsWereToldToo) {
  EXPECT_EQ(differences_of({{{"countdown_steps", "5"}}, {{"countdown_steps", "7"}}}, {"x", "y"},
                           {{"countdown_steps", "countdown steps"}}),
            (std::vector<std::string>{"another countdown steps: x has 5, y has 7"}));
}

TEST(DifferencesOf, DoNotCountWhatIsComparedOrUnknown) {
  EXPECT_TRUE(
      differences_of({{{"python_version", "3.11"}, {"load_average", "1"}}, {{"python_version", "3.12"}}},
                     {"x", "y"}, {})
          .empty());
}

TEST(DifferencesOf, AreAlsoWhatOnlyOneRunSays) {
  const Context some{{"cpu_model", "A"}, {"script_sha256_a.py", "1"}, {"python_version", "3.11"}};
  EXPECT_EQ(differences_of({some, {}}, {"x", "y"}, {}),
            (std::vector<std::string>{"only x says its CPU, script a.py"}));
  EXPECT_EQ(differences_of({{}, some}, {"x", "y"}, {}),
            (std::vector<std::string>{"only y says its CPU, script a.py"}));
}

TEST(DifferencesOf, AreOfEachScriptThatRan) {
  const Context one{{"script_sha256_a.py", "1"}, {"script_sha256_b.py", "2"}};
  const Context other{{"script_sha256_a.py", "1"}, {"script_sha256_b.py", "3"}};
  EXPECT_EQ(differences_of({one, other}, {"x", "y"}, {}),
            (std::vector<std::string>{"another script b.py: x has 2, y has 3"}));
}

TEST(DifferencesOf, AreOfVariablesWhereARunWouldSayThem) {
  const Context none{{"harness_version", "1"}};
  const Context some{{"harness_version", "1"},
                     {"OMP_NUM_THREADS", "4"},
                     {"PYTHON_GIL", "0"},
                     {"python_environment_PYTHON_GIL", "0"},
                     {"python_environment_FOO", "5"}};
  EXPECT_EQ(differences_of({none, some}, {"x", "y"}, {}),
            (std::vector<std::string>{"another OMP_NUM_THREADS: x has none, y has 4",
                                      "another PYTHON_GIL: x has none, y has 0",
                                      "another FOO: x has none, y has 5"}));
  EXPECT_EQ(differences_of({some, none}, {"x", "y"}, {}).at(0),
            "another OMP_NUM_THREADS: x has 4, y has none");
  EXPECT_EQ(differences_of({{{"OMP_NUM_THREADS", "4"}}, {}}, {"x", "y"}, {}),
            (std::vector<std::string>{"only x says its OMP_NUM_THREADS"}));
}

}  // namespace
}  // namespace harness
