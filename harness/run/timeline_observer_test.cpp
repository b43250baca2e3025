// harness/run/timeline_observer_test.cpp: a file that is not written though there is something to show, or
// that says of an iteration what no trace has seen.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/run/traces.h"
#include "harness/system/test_folder.h"
#include "harness/system/text.h"
#include "harness/trace/timeline_format.h"

namespace harness {
namespace {

namespace format = trace::timeline_format;

struct OneRegion : Prepared {
  JobTime run_first() override { return {}; }
  JobTime run() override { return {}; }
  void stop() const override {}
  std::vector<trace::NamedSpan> regions() const override { return {{"openmp", at_ns, at_ns + 10, 7}}; }
  std::int64_t at_ns = 0;
};

class TimelineObserverTest : public testing::Test {
 protected:
  void SetUp() override {
    observer_->begin_repetition({.id = parse_row_id("sum/x/threads:2"), .prepare = {}});
    for (std::int64_t begin_ns : {100, 200, 300}) {
      OneRegion prepared;
      prepared.at_ns = begin_ns + 20;
      observer_->end({.begin_ns = begin_ns, .end_ns = begin_ns + 50, .cpu_s = 0}, prepared);
    }
  }

  /// What is said of writing the file.
  std::vector<std::string> write(TimelineExtras extras) const {
    observer_->add_to(extras);
    return observer_->write_file({{"harness", "1"}}, extras);
  }

  /// How many entries of each name the file has; none where it is not there.
  std::map<std::string, int> names() const {
    std::map<std::string, int> names;
    const auto text = read_text_file(file_);
    if (!text) return names;
    const auto file = nlohmann::json::parse(*text);
    for (const auto& entry : file.at("traceEvents")) {
      if (entry.at("ph") != "M") ++names[entry.at("name").get<std::string>()];
    }
    return names;
  }
  std::string metadata(const std::string& key) const {
    return nlohmann::json::parse(read_text_file(file_).value())["otherData"]["metadata"][key];
  }

  static trace::Lanes parked() {
    return {.entries = {{.begin_ns = 110,
                         .end_ns = 120,
                         .name = "parked: a dict's lock",
                         .process = format::kThreads,
                         .lane = 7}},
            .threads = {{7, "team 0"}}};
  }

  TestFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "t.json";
  const std::unique_ptr<Observer> observer_ = timeline_observer(file_);
};

TEST_F(TimelineObserverTest, WritesTheLanesOfOtherTracesWhereThereIsNoGil) {
  EXPECT_EQ(write({.lanes = parked(), .no_gil = "no GIL"}), std::vector<std::string>{});
  EXPECT_EQ(names(), (std::map<std::string, int>{{"parked: a dict's lock", 1},
                                                 {"iteration 1", 1},
                                                 {"iteration 2", 1},
                                                 {"iteration 3", 1},
                                                 {"openmp", 3}}));
  EXPECT_EQ(metadata("row"), "sum/x/threads:2");
  EXPECT_EQ(metadata("iterations_left_out"), "0");
}

TEST_F(TimelineObserverTest, SaysWhyThereIsNothingToWrite) {
  EXPECT_EQ(write({.no_gil = "no GIL"}),
            std::vector<std::string>{"--gil-trace=" + file_.string() + " is not written: no GIL"});
  EXPECT_EQ(write({.lanes = parked(), .gil_untold = "not traced"}),
            std::vector<std::string>{"--gil-trace=" + file_.string() + " is not written: not traced"});
  EXPECT_EQ(names(), (std::map<std::string, int>{}));
}

TEST_F(TimelineObserverTest, LeavesOutTheIterationsAfterThoseThatTheGilsLanesCover) {
  EXPECT_EQ(write({.window = trace::Window{90, 260}, .dropped_events = 3}), std::vector<std::string>{});
  EXPECT_EQ(names(), (std::map<std::string, int>{{"iteration 1", 1}, {"iteration 2", 1}, {"openmp", 2}}));
  EXPECT_EQ(metadata("iterations_left_out"), "1");
}

}  // namespace
}  // namespace harness
