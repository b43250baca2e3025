// harness/report/markdown_test.cpp: a cell that ends its table.
#include "harness/report/markdown.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

TEST(Markdown, IsAHeadingATableAndLists) {
  const Document document{
      .facts = {{"machine", "a fast one"}, {"command", "harness '--filter=^a.*|b.*\\.'"}, {"label", "`a`"}},
      .sections = {{.title = "countdown",
                    .tables = {{.columns = {{.key = "name"}, {.key = "t", .title = "time", .right = true}},
                                .rows = {{{"python"}, {"1 ms", Style::good}}, {{"none"}}}}},
                    .sentences = {"It shows."}}},
      .notes = {"a note"},
      .warnings = {"busy"}};
  EXPECT_EQ(markdown_text(document),
            "- machine: `a fast one`\n- command: `harness '--filter=^a.*|b.*\\.'`\n- label: `` `a` ``\n\n"
            "### countdown\n\n"
            "|  | time |\n| --- | ---: |\n| python | **1 ms** |\n| none |  |\n\n"
            "It shows.\n\n- a note\n\n- warning: busy\n");
}

TEST(Markdown, LetsNoTextEndItsCell) {
  const Document document{
      .sections = {{.title = "a", .tables = {{.columns = {{.key = "name"}}, .rows = {{{"x|y\nz"}}}}}}}};
  EXPECT_NE(markdown_text(document).find("| x\\|y<br>z |\n"), std::string::npos) << markdown_text(document);
}

}  // namespace
}  // namespace harness
