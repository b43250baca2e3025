// harness/compare/context_differences_test.cpp: another machine that goes unsaid, an interpreter that is
// warned of.
#include "harness/compare/context_differences.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

using Context = std::map<std::string, std::string>;

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
  EXPECT_TRUE(differences_of({{{"cpu_model", "A"}}, {}}, {"x", "y"}, {}).empty());
}

}  // namespace
}  // namespace harness
