// harness/gil_trace/gil_report_test.cpp: the report's words, and files that it cannot be made of.
#include "harness/gil_trace/gil_report.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <string>

#include "harness/error.h"
#include "harness/gil_trace/timeline.h"
#include "harness/system/text.h"
#include "harness/testing/assertions.h"
#include "harness/trace/gzip.h"

namespace harness::gil_trace::gil_report_test {
namespace {

TimelineFile contended() {
  using enum EventKind;
  TimelineFile file;
  file.recording = {
      .begin_ns = 0,
      .end_ns = 10'000'000,
      .threads = {{.os_id = 1, .name = "team 0", .events = {{0, 0, acquire}, {6'000'000, 0, release}}},
                  {.os_id = 2,
                   .name = "team 1",
                   .events = {{1'000'000, 0, wait}, {6'012'000, 0, acquire}, {9'012'000, 0, release}}}}};
  file.window = {0, 10'000'000};
  file.whole_window_ns = 10'000'000;
  file.metadata = {{"row", "countdown"}};
  return file;
}

TEST(GilReport, HasALineForEachThread) {
  const std::string report = gil_report(contended(), false);
  EXPECT_TRUE(contains(report, "row: countdown\n"));
  EXPECT_TRUE(contains(report, "team 0"));
  EXPECT_TRUE(contains(report,
                       "team 1    0         1  3.00 ms  30.0 %  5.01 ms  50.1 %       5.01 ms       3.00 ms"
                       "          1       12.0 µs\n"));
  EXPECT_TRUE(contains(report, "all                 2  9.00 ms  90.0 %"));
}

TEST(GilReport, SaysWhichCpusAThreadWasOnAndWhatSwitchesCrossed) {
  TimelineFile file = contended();
  EXPECT_FALSE(contains(gil_report(file, false), "CPUs"));
  EXPECT_TRUE(contains(gil_report(file, false), "\nswitches: 1\n"));
  file.cores = CoreMap(std::vector<std::vector<int>>{{0}, {1}, {2}, {3}});
  for (Event& event : file.recording.threads[0].events) event.cpu = 1;
  for (trace::CpuNumber cpu = 0; cpu < 3; ++cpu) file.recording.threads[1].events[cpu].cpu = cpu;
  const std::string report = gil_report(file, false);
  EXPECT_TRUE(contains(report, "hand-off p50  CPUs\n"));
  EXPECT_TRUE(contains(report, "             -     1\n"));
  EXPECT_TRUE(contains(report, "       12.0 µs   0-2\n"));
  EXPECT_TRUE(contains(report, "switches: 1, 1 of them within a core, 0 from one to another\n"));
}

TEST(GilReport, HasHistogramsOfWaitsAndHolds) {
  const std::string report = gil_report(contended(), false);
  EXPECT_TRUE(contains(report, "waits: 1, p50 5.01 ms"));
  EXPECT_TRUE(contains(report, "holds: 2, p50 3.00 ms, p90 6.00 ms"));
  EXPECT_TRUE(contains(report, "  2.00 ms ┤████████████████████████████████████████ 1\n"));
  EXPECT_FALSE(contains(report, "\033["));
  EXPECT_TRUE(contains(gil_report(contended(), true), "\033["));
}

TEST(GilReport, SaysWhatIsMissing) {
  TimelineFile file = contended();
  file.left_out = 17;
  file.dropped_events = 3;
  file.whole_window_ns = 20'000'000;
  const std::string report = gil_report(file, false);
  EXPECT_TRUE(contains(report, "the file holds the first 10.0 ms of 20.0 ms; 17 spans"));
  EXPECT_TRUE(contains(report, "3 events were dropped"));
}

TEST(GilReport, SaysThatTheSelfCheckFailed) {
  TimelineFile file = contended();
  file.recording.threads[1].events[1].time_ns = 5'000'000;
  EXPECT_TRUE(
      contains(gil_report(file, false), "do not trust what follows: the GIL trace contradicts itself"));
}

TEST(GilReport, SaysThatThereWasNothing) {
  TimelineFile file = contended();
  file.recording.threads.clear();
  EXPECT_TRUE(contains(gil_report(file, false), "No thread acquired"));
}

class DamagedFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "report-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string valid_text() {
    const TimelineFile file = contended();
    trace::Timeline timeline{.window = file.window};
    add_lanes(file.recording, timeline.lanes);
    return timeline_text(timeline).json;
  }

  // What reading a file of these contents says.
  std::string refusal_of(const std::string& name, const std::string& contents) {
    std::ofstream(folder_ / name, std::ios::binary) << contents;
    return refusal_of(folder_ / name);
  }
  std::string refusal_of(const std::filesystem::path& path) {
    const std::string error = error_of([&] { read_timeline(path); });
    if (error.empty()) return "no error";
    EXPECT_TRUE(contains(error, path.string()));
    EXPECT_TRUE(contains(error, "--gil-trace=FILE"));
    return error;
  }

  std::filesystem::path folder_;
};

TEST_F(DamagedFile, IsReadIfItIsNotDamaged) {
  EXPECT_EQ(refusal_of("whole.json", valid_text()), "no error");
  EXPECT_EQ(refusal_of("whole.json.gz", trace::gzip(valid_text())), "no error");
  EXPECT_EQ(refusal_of("compressed under another name", trace::gzip(valid_text())), "no error");
}

TEST_F(DamagedFile, IsNamedIfItIsNotThere) {
  EXPECT_TRUE(contains(refusal_of(folder_ / "missing.json"), "there is no such file"));
  EXPECT_TRUE(contains(refusal_of(folder_), "it is a folder"));
  EXPECT_TRUE(contains(refusal_of("empty.json", ""), "it is empty"));
}

TEST_F(DamagedFile, IsNamedIfItWasCutShort) {
  const std::string text = valid_text();
  EXPECT_TRUE(contains(refusal_of("cut.json", text.substr(0, text.size() / 2)), "it was cut short"));
  const std::string compressed = trace::gzip(text);
  EXPECT_TRUE(
      contains(refusal_of("cut.json.gz", compressed.substr(0, compressed.size() / 2)), "ends too early"));
  EXPECT_TRUE(contains(refusal_of("cut.json.gz", compressed.substr(0, 3)), "ends too early"));
}

TEST_F(DamagedFile, IsNamedIfItsBytesWereChanged) {
  std::string compressed = trace::gzip(valid_text());
  compressed[compressed.size() / 2] = static_cast<char>(~compressed[compressed.size() / 2]);
  EXPECT_TRUE(contains(refusal_of("changed.json.gz", compressed), "compressed data is damaged"));
  EXPECT_TRUE(contains(refusal_of("plain.json.gz", valid_text()), "it is not a gzip file"));
  EXPECT_TRUE(contains(refusal_of("text.json", "{\"traceEvents\": oops}"), "it is not JSON"));
}

TEST_F(DamagedFile, IsNamedIfItIsSomebodyElses) {
  for (const char* text :
       {"[]", "3", "{}", R"({"traceEvents": []})", R"({"traceEvents": [], "otherData": {}})",
        R"({"traceEvents": [], "otherData": {"format": "x"}})",
        R"({"traceEvents": {}, "otherData": {"format": "harness GIL trace"}})"}) {
    EXPECT_TRUE(contains(refusal_of("foreign.json", text), "not a GIL trace of harness")) << text;
  }
}

TEST_F(DamagedFile, IsNamedIfAValueIsMissingOrOfTheWrongType) {
  const auto with = [&](const std::string& part, const std::string& by) {
    std::string text = valid_text();
    text.replace(text.find(part), part.size(), by);
    return refusal_of("edited.json", text);
  };
  EXPECT_TRUE(contains(with("\"dur\"", "\"dir\""), "missing or of the wrong type"));
  EXPECT_TRUE(contains(with("\"left_out\":0", "\"left_out\":\"none\""), "missing or of the wrong type"));
  EXPECT_TRUE(contains(with("\"holding\"", "\"hoarding\""), "hoarding"));
  EXPECT_TRUE(contains(with("\"format_version\":2", "\"format_version\":3"), "a newer harness wrote it"));
}

TEST_F(DamagedFile, IsNamedIfItAsksForMoreThanThereIs) {
  std::string text = valid_text();
  const std::size_t at = text.find("\"dur\":") + std::string("\"dur\":").size();
  text.insert(at, "9e14,\"was\":");
  EXPECT_TRUE(contains(refusal_of("long.json", text), "a time in it is out of range"));
  const std::string levels(kMostJsonLevels + 1, '[');
  EXPECT_TRUE(contains(refusal_of("deep.json", levels + std::string(levels.size(), ']')), "levels"));
  std::ofstream(folder_ / "large.json").close();
  std::filesystem::resize_file(folder_ / "large.json", kMostFileBytes + 1);
  EXPECT_TRUE(contains(refusal_of(folder_ / "large.json"), "it is larger than 128 MiB"));
}

TEST_F(DamagedFile, IsNamedIfANumberInItIsOutOfRange) {
  const auto with = [&](const std::string& part, const std::string& by) {
    std::string text = valid_text();
    text.replace(text.find(part), part.size(), by);
    return refusal_of("edited.json", text);
  };
  for (const std::string number : {"-1", "65536", "1e300", "0.5"}) {
    EXPECT_TRUE(contains(with("\"gil\":0", "\"gil\":" + number), "a number in it is out of range")) << number;
  }
  EXPECT_TRUE(contains(with("\"gil\":0", R"("gil":0,"cpu":65535)"), "a number in it is out of range"));
  EXPECT_TRUE(contains(with("\"cores\":[", "\"cores\":[[-1]"), "a number in it is out of range"));
  for (const std::string key :
       {"\"pid\":", "\"pid\":3,\"tid\":", "\"left_out\":", "\"dropped_events\":", "\"format_version\":"}) {
    EXPECT_TRUE(contains(with(key, key + "1e300,\"was\":"), "a number in it is out of range")) << key;
  }
}

TEST_F(DamagedFile, SaysNothingThatATerminalObeys) {
  std::string text = valid_text();
  const std::string metadata = "\"metadata\":{";
  text.insert(text.find(metadata) + metadata.size(), R"("row":"\u001b[2J")");
  const std::string name = "\"thread_name\",\"ph\":\"M\",\"pid\":3";
  const std::size_t at = text.find("\"name\":\"", text.find(name) + name.size());
  ASSERT_LT(at, text.size());
  text.insert(at + 8, R"(\u001b]0;)");
  std::ofstream(folder_ / "rude.json", std::ios::binary) << text;
  const std::string report = gil_report(read_timeline(folder_ / "rude.json"), false);
  EXPECT_EQ(report.find('\x1b'), std::string::npos) << report;
  EXPECT_TRUE(contains(report, "\\x1b[2J"));
  EXPECT_TRUE(contains(report, "\\x1b]0;"));
}

}  // namespace
}  // namespace harness::gil_trace::gil_report_test
