// harness/run/timeline_observer.cpp: the file of a timeline: a row's iterations, its native code, and the
// lanes of all traces.
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "harness/run/traces.h"
#include "harness/system/cpu_topology.h"
#include "harness/trace/timeline_format.h"

namespace harness {
namespace {

using trace::NamedSpan;

/// What a viewer still opens; later iterations of a repetition are left out.
constexpr std::size_t kMostSpans = 1'000'000;

bool is_of_a_trace(const trace::TimelineEntry& entry) {
  return entry.process != trace::timeline_format::kIterations &&
         entry.process != trace::timeline_format::kNativeCode;
}

class TimelineObserver : public Observer {
 public:
  explicit TimelineObserver(std::filesystem::path file) : file_(std::move(file)) {
    if (!file_.empty()) cores_ = cores_of_this_machine();
  }

  void begin_repetition(const Experiment& experiment) override {
    row_ = experiment.name();
    iterations_ = 0;
    iteration_spans_.clear();
    region_spans_.clear();
  }

  void end(const JobTime& time, const Prepared& prepared) override {
    if (file_.empty()) return;
    ++iterations_;
    if (iteration_spans_.size() + region_spans_.size() > kMostSpans) return;
    iteration_spans_.push_back({"iteration " + std::to_string(iterations_), time.begin_ns, time.end_ns});
    std::ranges::move(prepared.regions(), std::back_inserter(region_spans_));
  }

  Counters counters() const override { return {}; }

  void add_to(TimelineExtras& extras) const override {
    trace::add_spans(iteration_spans_, trace::timeline_format::kIterations, extras.lanes);
    trace::add_spans(region_spans_, trace::timeline_format::kNativeCode, extras.lanes);
  }

  std::vector<std::string> write_file(const Metadata& metadata, const TimelineExtras& extras) const override {
    if (file_.empty()) return {};
    const std::string flag = "--gil-trace=" + file_.string();
    if (!extras.gil_untold.empty()) return {flag + " is not written: " + extras.gil_untold};
    // Where there is no GIL, other traces still have a tale to tell.
    if (!extras.no_gil.empty() && std::ranges::none_of(extras.lanes.entries, is_of_a_trace)) {
      return {flag + " is not written: " + extras.no_gil};
    }
    const trace::Window window = window_of(extras);
    Metadata all = metadata;
    all.insert(all.begin(), {"row", row_});
    all.emplace_back("iterations_left_out", std::to_string(iterations_ - iterations_until(window.end_ns)));
    const trace::TimelineText written = trace::write_timeline(file_, {.window = window,
                                                                      .lanes = extras.lanes,
                                                                      .metadata = std::move(all),
                                                                      .cores = cores_,
                                                                      .dropped_events = extras.dropped_events,
                                                                      .contention = extras.contention});
    if (written.left_out == 0) return {};
    return {flag + " leaves out the last " + std::to_string(written.left_out) + " entries"};
  }

 private:
  trace::Window window_of(const TimelineExtras& extras) const {
    if (extras.window) return *extras.window;
    if (iteration_spans_.empty()) return {0, 0};
    return {iteration_spans_.front().begin_ns, iteration_spans_.back().end_ns};
  }

  std::size_t iterations_until(std::int64_t end_ns) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        iteration_spans_, [&](const NamedSpan& span) { return span.begin_ns <= end_ns; }));
  }

  const std::filesystem::path file_;  // empty: none
  CoreMap cores_;
  std::string row_;
  std::size_t iterations_ = 0;
  std::vector<NamedSpan> iteration_spans_;
  std::vector<NamedSpan> region_spans_;
};

}  // namespace

std::unique_ptr<Observer> timeline_observer(const std::filesystem::path& file) {
  return std::make_unique<TimelineObserver>(file);
}

}  // namespace harness
