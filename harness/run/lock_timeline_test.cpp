// harness/run/lock_timeline_test.cpp: a trace that takes another's lanes away.
#include "harness/run/lock_timeline.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/lock_trace/test_recordings.h"
#include "harness/run/observer.h"

namespace harness {
namespace {

using namespace lock_trace;

/// A trace that has seen a thread park for a dict's lock.
struct ParkedObserver : Observer {
  ParkedObserver(std::int64_t os_id, const std::string& name) {
    Recording recording = recorded({{name, {{100, kDict, EventKind::park}, {400, 0, EventKind::park_end}}}});
    recording.threads[0].os_id = os_id;
    timeline.add(recording, analyse(recording, {0, 1000}, test_site), test_site);
  }
  void begin_repetition(const Experiment&) override {}
  void end(const JobTime&, const Prepared&) override {}
  Counters counters() const override { return {}; }
  void add_to(TimelineExtras& extras) const override { timeline.add_to(extras.lanes); }
  LockTimeline timeline;
};

TEST(LockTimeline, IsBesideWhatOtherTracesHave) {
  Observers traces;
  traces.push_back(std::make_unique<ParkedObserver>(7, "first"));
  traces.push_back(std::make_unique<ParkedObserver>(8, "second"));
  TimelineExtras extras;
  for (const auto& trace : traces) trace->add_to(extras);
  std::vector<std::int64_t> lanes;
  for (const trace::TimelineEntry& entry : extras.lanes.entries) lanes.push_back(entry.lane);
  EXPECT_EQ(lanes, (std::vector<std::int64_t>{7, 8}));
  EXPECT_EQ(extras.lanes.threads, (std::map<std::int64_t, std::string>{{7, "first"}, {8, "second"}}));
}

}  // namespace
}  // namespace harness
