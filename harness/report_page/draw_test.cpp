// harness/report_page/draw_test.cpp: a page that is not drawn, and nobody says what would mend it.
#include "harness/report_page/draw.h"

#include <gtest/gtest.h>

#include "harness/system/test_folder.h"
#include "harness/system/text.h"
#include "harness/testing/assertions.h"

namespace harness {
namespace {

class DrawTest : public testing::Test {
 protected:
  /// A Python that runs these lines of a shell; its arguments are SCRIPT DATA PAGE.
  DrawingPython python(const std::string& name, const std::string& lines) const {
    return {.name = name, .argv = {"/bin/sh", "-c", lines, name}};
  }
  DrawingPython lacking() const {
    return python("old",
                  "echo Warning >&2; echo 'it needs Jinja2: apt-get install python3-jinja2' >&2; exit 2");
  }
  DrawingPython absent() const { return {.name = "gone", .argv = {"/none/python3"}}; }
  DrawingPython absent_on_path() const {
    return {.name = "python3 on PATH", .argv = {"/usr/bin/env", "PATH=/none", "python3"}};
  }
  DrawingPython drawing() const { return python("new", "cp \"$2\" \"$3\""); }

  std::string refusal_of(const std::vector<DrawingPython>& pythons) const {
    return error_of([&] { draw_page("report.py", "{}", page_, pythons); });
  }
  std::string drawn() const { return read_text_file(page_).value_or("nothing"); }

  TestFolder folder_;
  std::filesystem::path page_ = folder_.path() / "page.html";
};

TEST_F(DrawTest, IsDoneByTheFirstThatCan) {
  for (const std::vector<DrawingPython>& pythons : {std::vector{drawing(), absent()},
                                                    {absent(), drawing()},
                                                    {lacking(), drawing()},
                                                    {absent_on_path(), drawing()},
                                                    {python("broken", "exit 3"), drawing()}}) {
    std::filesystem::remove(page_);
    draw_page("report.py", "{\"parts\": 1}", page_, pythons);
    EXPECT_EQ(drawn(), "{\"parts\": 1}");
  }
}

TEST_F(DrawTest, NamesThePackagesWhereNoPythonIsThereOrNoneHasThem) {
  const std::string packages =
      "; a page is drawn by Python with matplotlib and Jinja2: apt-get install python3-matplotlib "
      "python3-jinja2, or in a virtual environment: pip install matplotlib Jinja2";
  EXPECT_EQ(refusal_of({absent()}), "report: there is no gone" + packages);
  EXPECT_EQ(refusal_of({absent_on_path(), absent()}),
            "report: there is no python3 on PATH; there is no gone" + packages);
  EXPECT_EQ(refusal_of({lacking(), absent()}),
            "report: old: it needs Jinja2: apt-get install python3-jinja2; there is no gone");
  EXPECT_EQ(refusal_of({absent(), lacking()}),
            "report: there is no gone; old: it needs Jinja2: apt-get install python3-jinja2");
  EXPECT_EQ(refusal_of({lacking(), lacking()}),
            "report: old: it needs Jinja2: apt-get install python3-jinja2");
  const DrawingPython folder{.name = "a folder", .argv = {folder_.path().string()}};
  EXPECT_EQ(refusal_of({folder}), "report: a folder cannot be run: Permission denied" + packages);
  EXPECT_EQ(drawn(), "nothing");
}

TEST_F(DrawTest, SaysWhatWentWrongWhereAPythonHasThePackages) {
  const DrawingPython full = python("full", "echo 'page.html cannot be written: No space left' >&2; exit 1");
  EXPECT_EQ(refusal_of({full, full}), "report: page.html cannot be written: No space left");
  EXPECT_EQ(refusal_of({absent(), full}), "report: page.html cannot be written: No space left");
  EXPECT_EQ(refusal_of({full, absent()}), "report: page.html cannot be written: No space left");
  EXPECT_EQ(refusal_of({python("mute", "exit 3")}), "report: mute ended with status 3");
  EXPECT_EQ(refusal_of({python("killed", "kill -9 $$")}), "report: killed ended by signal 9");
  EXPECT_EQ(refusal_of({lacking(), python("moved", "echo 'can not open report.py' >&2; exit 2")}),
            "report: can not open report.py");
}

TEST_F(DrawTest, IsNotDoneByWhatWritesNoPage) {
  const std::string why = " ended without an error and has not written " + page_.string() +
                          "; is it a Python (HARNESS_REPORT_PYTHON)?";
  const DrawingPython idle{.name = "/bin/true", .argv = {"/bin/true"}};
  EXPECT_EQ(refusal_of({idle}), "report: /bin/true" + why);
  EXPECT_EQ(drawn(), "nothing");
  folder_.write("page.html", "an older page");
  EXPECT_EQ(refusal_of({idle}), "report: /bin/true" + why);
  draw_page("report.py", "{\"parts\": 1}", page_, std::vector{idle, drawing()});
  EXPECT_EQ(drawn(), "{\"parts\": 1}");
}

TEST(DrawingPythons, AreTheOneOnThePathAndTheSystemsOrTheOneThatIsNamed) {
  ASSERT_EQ(drawing_pythons("").size(), 2U);
  EXPECT_EQ(drawing_pythons("").at(1).argv, std::vector<std::string>{"/usr/bin/python3"});
  ASSERT_EQ(drawing_pythons("/venv/bin/python").size(), 1U);
  EXPECT_EQ(drawing_pythons("/venv/bin/python").at(0).argv, std::vector<std::string>{"/venv/bin/python"});
  EXPECT_EQ(drawing_pythons("python3.14").at(0).argv,
            (std::vector<std::string>{"/usr/bin/env", "python3.14"}));
}

}  // namespace
}  // namespace harness
