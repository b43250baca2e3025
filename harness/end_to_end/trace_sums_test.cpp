// harness/end_to_end/trace_sums_test.cpp: the sums of a traced program beside the single events of its
// timeline.
#include "harness/end_to_end/trace_fixture.h"
#include "harness/gil_trace/analysis.h"
#include "harness/gil_trace/timeline_file.h"

namespace harness {
namespace {

class TraceSums : public TraceTest {
 protected:
  std::filesystem::path timeline_file() const { return folder().path() / "timeline.json.gz"; }
  std::string timeline_flag() const { return "--timeline=" + timeline_file().string(); }
};

// The sums are made call by call in the program, the timeline's by the analysis of single events.
TEST_F(TraceSums, AreThoseOfTheTimelinesEvents) {
  on_each(kGil, [&](const Interpreter& python) {
    const TracedRun run = trace_text(python,
                                     "import sys, threading, time\n"
                                     "sys.setswitchinterval(0.001)\n"
                                     "def work():\n"
                                     "    for i in range(50): sum(range(10000)), time.sleep(0)\n"
                                     "threads = [threading.Thread(target=work) for _ in range(3)]\n"
                                     "for thread in threads: thread.start()\n"
                                     "for thread in threads: thread.join()\n",
                                     {timeline_flag()});
    const gil_trace::TimelineFile file = gil_trace::read_timeline(timeline_file());
    const gil_trace::Analysis analysis = gil_trace::analyse(file.recording, file.window, file.cores);
    EXPECT_EQ(analysis.failure, "");
    const gil_trace::GilUse all = analysis.total();
    const Json gil = run.report.at("gils").at(0);
    EXPECT_EQ(static_cast<double>(all.acquires), gil.at("acquires").number());
    EXPECT_EQ(static_cast<double>(all.switches), gil.at("switches").number());
    EXPECT_EQ(static_cast<double>(all.timeouts), gil.at("timeouts").number());
    EXPECT_EQ(static_cast<double>(all.waits_ns.size()), gil.at("waits").number());
    EXPECT_EQ(static_cast<double>(all.handoffs_ns.size()), gil.at("handoffs").number());
    EXPECT_EQ(gil.at("contradictions").number(), 0);
    // Each of the timeline's lengths is rounded to a nanosecond.
    EXPECT_NEAR(static_cast<double>(all.held_ns()) / gil.at("held_ns").number(), 1, 0.001);
    EXPECT_NEAR(static_cast<double>(all.wait_ns()) / gil.at("waited_ns").number(), 1, 0.001);
    EXPECT_EQ(analysis.threads(), 4U);
  });
}

TEST_F(TraceSums, AreOfAllWhereTheTimelineHasTheLastPart) {
  constexpr double kCalls = 20'000;  // each lets the GIL go and takes it again
  on_each(kGil, [&](const Interpreter& python) {
    const TracedRun run = trace_text(python,
                                     "import os\n"
                                     "for i in range(20000): os.stat('/')\n",
                                     {timeline_flag(), "--trace-memory=16M"});
    EXPECT_GE(run.report.at("gils").at(0).at("acquires").number(), kCalls) << "the sums are of all";
    expect_holds(notes_of(run.report), {"the timeline has the last"});
    const gil_trace::TimelineFile file = gil_trace::read_timeline(timeline_file());
    const gil_trace::Analysis analysis = gil_trace::analyse(file.recording, file.window, file.cores);
    EXPECT_EQ(analysis.failure, "");
    EXPECT_GT(analysis.total().acquires, 1000U);
    EXPECT_LT(static_cast<double>(analysis.total().acquires), kCalls);
    EXPECT_LT(static_cast<double>(file.window.length_ns()), run.report.at("traced_ns").number());
  });
}

}  // namespace
}  // namespace harness
