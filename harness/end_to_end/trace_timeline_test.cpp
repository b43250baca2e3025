// harness/end_to_end/trace_timeline_test.cpp: the timeline of a traced program, which `harness gil-report`
// reads.
#include <signal.h>

#include "harness/end_to_end/trace_fixture.h"
#include "harness/system/text.h"

namespace harness {
namespace {

class TraceTimeline : public TraceTest {
 protected:
  void SetUp() override {
    TraceTest::SetUp();
    folder().write("waits.py", kWaits);
  }

  /// What gil-report says of the file.
  std::string report_on(const std::string& timeline) const {
    const auto result = run_subprocess(
        {.argv = {HARNESS_PROGRAM, "gil-report", timeline}, .working_directory = folder().path()}, kPatience);
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    EXPECT_EQ(result.standard_error, "");
    return result.standard_output;
  }

  std::string text_of(const std::string& file) const {
    return read_text_file(folder().path() / file).value_or("");
  }
};

TEST_F(TraceTimeline, HasEachParkAndIsReadAgain) {
  on_each(kAnyPython, [&](const Interpreter& python) {
    const TracedRun run = trace_text(python, kHandOver, {"--timeline=t.json"});
    const std::string text = text_of("t.json");
    EXPECT_FALSE(Json::parse(text).at("traceEvents").is_null());
    EXPECT_EQ(count_of(text, "\"parked: " + lock_name(python) + "\""), 5U);
    EXPECT_EQ(notes_of(run.report), "");
    expect_holds(report_on("t.json"), {"main", lock_name(python), "exit status 0", python.version});
  });
}

TEST_F(TraceTimeline, HasEachTimeThatAThreadHeldTheGil) {
  on_each(kGil, [&](const Interpreter& python) {
    const TracedRun run = trace_text(python, kHandOver, {"--timeline=t.json"});
    const double acquires = run.report.at("gils").at(0).at("acquires").number();
    EXPECT_EQ(static_cast<double>(count_of(text_of("t.json"), "\"holding\"")), acquires);
  });
}

TEST_F(TraceTimeline, MayBeCompressed) {
  on_each(kAnyPython, [&](const Interpreter& python) {
    trace_text(python, kHandOver, {"--timeline=t.json.gz"});
    EXPECT_TRUE(text_of("t.json.gz").starts_with("\x1f\x8b"));
    expect_holds(report_on("t.json.gz"), {"main", lock_name(python)});
  });
}

TEST_F(TraceTimeline, IsThereHoweverTheProgramEnds) {
  on_each(kAnyPython, [&](const Interpreter& python) {
    const TracedRun run = trace(python, {"-c", "import os; os.kill(os.getpid(), 9)"}, {"--timeline=t.json"});
    EXPECT_EQ(run.result.signal, SIGKILL);
    expect_holds(report_on("t.json"), {"main", "signal 9 (Killed)"});
  });
}

// Of more than there is room for the last part is kept, and the sums are of all.
TEST_F(TraceTimeline, HasTheLastPartOfALongProgram) {
  on_each(kGil, [&](const Interpreter& python) {
    const TracedRun run = trace_text(python,
                                     "import os\n"
                                     "ends = os.pipe()\n"
                                     "for _ in range(40_000): os.write(ends[1], b'.'), os.read(ends[0], 1)\n",
                                     {"--timeline=t.json", "--trace-memory=16M"});
    EXPECT_GE(run.report.at("gils").at(0).at("acquires").number(), 80'000);
    const Json timeline = Json::parse(text_of("t.json"));
    expect_holds(notes_of(run.report), {"the timeline has the last "});
    EXPECT_LT(timeline.at("otherData").at("covered_ns").number(), run.report.at("traced_ns").number());
    expect_holds(report_on("t.json"), {"main"});
  });
}

}  // namespace
}  // namespace harness
